"""The handover register (buku penyerahan) as a page, PDF and XLSX."""
