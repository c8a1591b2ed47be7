"""How often faces are mistaken: rates as ISO/IEC 19795-1 defines them, with intervals."""
