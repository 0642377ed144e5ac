"""Rules of filing: whether an application is complete, its documents and files, who may file what and when."""
