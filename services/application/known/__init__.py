"""Facts of other services that filing needs: accounts, files, categories of organisations."""
