"""Addresses of the applicant's page. They open it without a password, so they never reach a log or a referrer."""


def pickup_link(site: str, link: str) -> str:
    """The full address of the page behind this link; `site` is how links begin (see `Settings.site`)."""
    return f"{site}/p/{link}"
