"""The rights of the person whose data lie here (UU 27/2022 Pasal 30-32): a copy of them, and requests with a clock."""
