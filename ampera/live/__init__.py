"""What live news needs beside the pump: the relay between processes, and the cache of snapshots."""
