# Stands in for python:3.13-slim: Debian's Python in the same place of the search path, without pip of its own.
FROM zairyu-stand-in:trixie
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends python3 python3-venv \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin \
 && ln -s /usr/bin/python3 /usr/local/bin/python
ENV LANG=C.UTF-8
CMD ["python"]
