"""The documentation: pages that are generated from the code, and tests that keep all pages true."""
