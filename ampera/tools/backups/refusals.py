"""Why a backup cannot be used."""


class BackupError(Exception):
    """The backup cannot be made, is damaged, or belongs to another database. The text gives the reason."""
