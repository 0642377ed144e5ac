# Stands in for axllent/mailpit: the program built from its Go module, whose pages lack what npm would build.
FROM zairyu-stand-in:trixie
COPY mailpit /mailpit
EXPOSE 1025 8025
ENTRYPOINT ["/mailpit"]
