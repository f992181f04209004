"""What spreadsheets do to a list: parts of a workbook, formats of numbers, encodings and separators of CSV."""
