# Stands in for chrislusf/seaweedfs: the program of the wheel of the local stack, of the same version.
FROM zairyu-stand-in:trixie
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends wget \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
RUN groupadd --gid 1000 seaweed && useradd --uid 1000 --gid 1000 --no-create-home seaweed && install -d -o 1000 -g 1000 /data
COPY weed /usr/bin/weed
VOLUME /data
ENTRYPOINT ["/usr/bin/weed"]
