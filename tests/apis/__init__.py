"""The pages of docs/api, made from the OpenAPI documents of the services and from the events."""
