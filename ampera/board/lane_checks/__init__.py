"""The opening check of a lane: camera, sound, screen, scanner, printer and network, before the first vehicle."""
