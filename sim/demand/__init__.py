"""Who comes and when: every draw of a day, made before its time starts."""
