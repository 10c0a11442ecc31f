-- The list of programs is read in pages, in the order of the catalogue, and counted.
CREATE INDEX programs_listing ON programs ("position", slug) WHERE active = true;
