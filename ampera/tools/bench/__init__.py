"""`ampera bench`: the speed of this machine, each figure beside a yardstick of the same run."""
