"""Who comes, when, with every draw of a day made before its time starts."""
