"""What every HTTP answer needs: static files, compression, traffic limits."""
