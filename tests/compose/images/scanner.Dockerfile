# Stands in for clamav/clamav: Debian's ClamAV, with one signature of our own instead of nine million.
FROM zairyu-stand-in:trixie
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends clamav-daemon clamav-freshclam clamdscan clamav \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
COPY signatures /var/lib/clamav
RUN chown -R 100:101 /var/lib/clamav
EXPOSE 3310
