-- Courses taught here: their versions and lessons, what students did in them, and certificates of our own.

-- A course as it came in; a student keeps the version they began.
CREATE TABLE course_versions (
    id BLOB NOT NULL PRIMARY KEY,
    program_id BLOB NOT NULL REFERENCES programs (id),
    number INTEGER NOT NULL CHECK (number >= 1),
    -- Of all that is in it: the same content is not a new version.
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    title TEXT NOT NULL,
    pass_mark INTEGER NOT NULL CHECK (pass_mark BETWEEN 1 AND 100),
    feedback TEXT NOT NULL CHECK (feedback IN ('immediate', 'final')),
    -- Both or none: as many tries as one likes.
    tries INTEGER CHECK (tries BETWEEN 1 AND 100),
    pause_minutes INTEGER CHECK (pause_minutes >= 0),
    shuffle INTEGER NOT NULL CHECK (shuffle IN (0, 1)),
    in_order INTEGER NOT NULL CHECK (in_order IN (0, 1)),
    imported_at TEXT NOT NULL,
    CONSTRAINT course_versions_tries CHECK ((tries IS NULL) = (pause_minutes IS NULL))
) STRICT;
CREATE UNIQUE INDEX course_versions_number ON course_versions (program_id, number);

CREATE TABLE lessons (
    id BLOB NOT NULL PRIMARY KEY,
    version_id BLOB NOT NULL REFERENCES course_versions (id),
    position INTEGER NOT NULL CHECK (position >= 0),
    -- What progress is kept under.
    lesson TEXT NOT NULL,
    title TEXT NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 600),
    objectives TEXT NOT NULL DEFAULT '[]',
    body TEXT NOT NULL,
    -- Questions with their right answers (JSON), and how long they take.
    quiz TEXT,
    quiz_minutes INTEGER CHECK (quiz_minutes BETWEEN 1 AND 600),
    CONSTRAINT lessons_quiz CHECK ((quiz IS NULL) = (quiz_minutes IS NULL))
) STRICT;
CREATE UNIQUE INDEX lessons_position ON lessons (version_id, "position");
CREATE UNIQUE INDEX lessons_lesson ON lessons (version_id, lesson);

ALTER TABLE partner_lms_enrollments ADD COLUMN version_id BLOB REFERENCES course_versions (id);
CREATE INDEX partner_lms_enrollments_version ON partner_lms_enrollments (version_id, status) WHERE version_id IS NOT NULL;

CREATE TABLE lesson_progress (
    enrollment_id BLOB NOT NULL REFERENCES partner_lms_enrollments (id),
    lesson TEXT NOT NULL,
    opened_at TEXT,
    -- Byte of the text at which the first line on screen began.
    place INTEGER NOT NULL DEFAULT 0 CHECK (place >= 0),
    read_at TEXT,
    passed_at TEXT,
    PRIMARY KEY (enrollment_id, lesson)
) STRICT;

-- The first answer to a question counts, whichever terminal it came from.
CREATE TABLE quiz_answers (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    enrollment_id BLOB NOT NULL REFERENCES partner_lms_enrollments (id),
    lesson TEXT NOT NULL,
    attempt INTEGER NOT NULL CHECK (attempt >= 1),
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    correct INTEGER NOT NULL CHECK (correct IN (0, 1)),
    answered_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX quiz_answers_id ON quiz_answers (id);
CREATE UNIQUE INDEX quiz_answers_first ON quiz_answers (enrollment_id, lesson, attempt, question);

-- Certificates that are issued here can be checked by their code.
ALTER TABLE certificates ADD COLUMN verification_code TEXT;
ALTER TABLE certificates ADD COLUMN holder TEXT;
ALTER TABLE certificates ADD COLUMN course_title TEXT;
CREATE UNIQUE INDEX certificates_code ON certificates (verification_code) WHERE verification_code IS NOT NULL;
