"""`ampera bench`: how fast this machine does the work, each figure beside a yardstick of the same run."""
