"""When an office serves: hours, special days, and whether it admits one more vehicle."""
