"""URLs of the applicant's page. A URL opens the page without a password, so no log and no referrer contains one."""


def pickup_link(site: str, link: str) -> str:
    """The full URL of the page behind this link. `site` is the beginning of all URLs (see `Settings.site`)."""
    return f"{site}/p/{link}"
