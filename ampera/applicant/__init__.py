"""The public pages: the front page, and an applicant's own page behind their link, also as an app on the phone."""
