"""Documents that offices print, sign and send: minutes, posters, letters. Data in, bytes out; nothing is written."""
