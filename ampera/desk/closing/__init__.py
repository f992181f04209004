"""The end of a service day: its figures, written down once by a supervisor, and the sheet that is signed and kept."""
