"""An applicant reports being on the way or on site."""
