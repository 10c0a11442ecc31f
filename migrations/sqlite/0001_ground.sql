-- Ids are UUIDs of 16 bytes, instants RFC 3339 texts in UTC (their order as text is their order in time),
-- money whole minor units.

CREATE TABLE programs (
    id BLOB NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    aliases TEXT NOT NULL DEFAULT '[]',
    summary TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    category TEXT NOT NULL DEFAULT '',
    length TEXT,
    hours INTEGER CHECK (hours >= 0),
    credential TEXT,
    active INTEGER NOT NULL DEFAULT TRUE CHECK (active IN (0, 1)),
    demo INTEGER NOT NULL DEFAULT FALSE CHECK (demo IN (0, 1)),
    -- Place in the catalogue: its author decides what comes first.
    position INTEGER NOT NULL DEFAULT 1000000 CHECK (position >= 0)
) STRICT;
CREATE UNIQUE INDEX programs_slug ON programs (slug);

CREATE TABLE students (
    id BLOB NOT NULL PRIMARY KEY,
    email TEXT,
    name TEXT,
    -- Name and address in lower case, for look-ups that ignore case in every script.
    search_text TEXT NOT NULL DEFAULT '',
    created_at TEXT
) STRICT;
CREATE UNIQUE INDEX students_email ON students (lower(email));

CREATE TABLE advisors (
    id BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT,
    created_at TEXT
) STRICT;
CREATE UNIQUE INDEX advisors_email ON advisors (lower(email));

CREATE TABLE partner_lms_providers (
    id BLOB NOT NULL PRIMARY KEY,
    provider_name TEXT NOT NULL,
    provider_type TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT TRUE CHECK (active IN (0, 1)),
    api_config TEXT NOT NULL DEFAULT '{}',
    description TEXT NOT NULL DEFAULT '',
    icon TEXT,
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused')),
    status_note TEXT,
    status_until TEXT,
    demo INTEGER NOT NULL DEFAULT FALSE CHECK (demo IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX partner_lms_providers_name ON partner_lms_providers (provider_name);

CREATE TABLE partner_courses (
    id BLOB NOT NULL PRIMARY KEY,
    provider_id BLOB NOT NULL REFERENCES partner_lms_providers (id),
    program_id BLOB REFERENCES programs (id),
    course_name TEXT NOT NULL,
    external_course_code TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT TRUE CHECK (active IN (0, 1)),
    metadata TEXT NOT NULL DEFAULT '{}',
    pacing TEXT NOT NULL DEFAULT 'self_paced' CHECK (pacing IN ('self_paced', 'instructor_led')),
    hours INTEGER CHECK (hours >= 0),
    credential TEXT,
    price_cents INTEGER NOT NULL DEFAULT 0 CHECK (price_cents >= 0),
    currency TEXT NOT NULL DEFAULT 'USD' CHECK (length(currency) = 3)
) STRICT;
CREATE UNIQUE INDEX partner_courses_offer ON partner_courses (program_id, provider_id);
CREATE INDEX partner_courses_provider ON partner_courses (provider_id, external_course_code);

CREATE TABLE partner_terms (
    id BLOB NOT NULL PRIMARY KEY,
    course_id BLOB NOT NULL REFERENCES partner_courses (id),
    valid_from TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('none', 'share', 'wholesale')),
    share_bp INTEGER CHECK (share_bp BETWEEN 0 AND 10000),
    wholesale_cents INTEGER CHECK (wholesale_cents >= 0),
    CONSTRAINT partner_terms_shape
        CHECK ((kind = 'share') = (share_bp IS NOT NULL) AND (kind = 'wholesale') = (wholesale_cents IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX partner_terms_version ON partner_terms (course_id, valid_from);

CREATE TABLE cohorts (
    id BLOB NOT NULL PRIMARY KEY,
    course_id BLOB NOT NULL REFERENCES partner_courses (id),
    starts_on TEXT NOT NULL,
    ends_on TEXT,
    schedule TEXT,
    time_zone TEXT NOT NULL DEFAULT 'UTC',
    location TEXT,
    seats INTEGER NOT NULL,
    taken INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT cohorts_seats CHECK (taken >= 0 AND taken <= seats)
) STRICT;
CREATE INDEX cohorts_course ON cohorts (course_id, starts_on);

CREATE TABLE partner_accounts (
    id BLOB NOT NULL PRIMARY KEY,
    student_id BLOB NOT NULL REFERENCES students (id),
    provider_id BLOB NOT NULL REFERENCES partner_lms_providers (id),
    external_account_id TEXT NOT NULL,
    username TEXT,
    created_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX partner_accounts_owner ON partner_accounts (student_id, provider_id);

CREATE TABLE partner_lms_enrollments (
    id BLOB NOT NULL PRIMARY KEY,
    provider_id BLOB REFERENCES partner_lms_providers (id),
    student_id BLOB NOT NULL REFERENCES students (id),
    course_id BLOB REFERENCES partner_courses (id),
    program_id BLOB NOT NULL REFERENCES programs (id),
    external_account_id TEXT,
    external_enrollment_id TEXT,
    status TEXT NOT NULL CHECK (status IN ('pending', 'active', 'completed', 'cancelled')),
    progress_percentage INTEGER NOT NULL DEFAULT 0 CHECK (progress_percentage BETWEEN 0 AND 100),
    enrolled_at TEXT NOT NULL,
    last_accessed_at TEXT,
    link TEXT NOT NULL DEFAULT 'none' CHECK (link IN ('none', 'requested', 'confirmed', 'failed', 'manual')),
    payment TEXT NOT NULL DEFAULT 'none'
        CHECK (payment IN ('none', 'open', 'paid', 'part_refunded', 'refunded', 'failed', 'expired', 'parked')),
    cohort_id BLOB REFERENCES cohorts (id),
    hold_until TEXT,
    replaces_id BLOB REFERENCES partner_lms_enrollments (id),
    switched_from BLOB REFERENCES partner_lms_enrollments (id),
    progress_as_of TEXT,
    progress_fell_from INTEGER CHECK (progress_fell_from BETWEEN 0 AND 100),
    completed_at TEXT,
    CONSTRAINT partner_lms_enrollments_delivery CHECK ((provider_id IS NULL) = (course_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX partner_lms_enrollments_live ON partner_lms_enrollments (student_id, program_id)
    WHERE status IN ('pending', 'active') AND replaces_id IS NULL;
CREATE UNIQUE INDEX partner_lms_enrollments_switch ON partner_lms_enrollments (replaces_id)
    WHERE status = 'pending';
CREATE INDEX partner_lms_enrollments_student ON partner_lms_enrollments (student_id, enrolled_at);
CREATE INDEX partner_lms_enrollments_provider ON partner_lms_enrollments (provider_id, enrolled_at);
CREATE INDEX partner_lms_enrollments_program ON partner_lms_enrollments (program_id, enrolled_at);
CREATE INDEX partner_lms_enrollments_course ON partner_lms_enrollments (course_id);
CREATE INDEX partner_lms_enrollments_cohort ON partner_lms_enrollments (cohort_id, hold_until)
    WHERE cohort_id IS NOT NULL;
CREATE INDEX partner_lms_enrollments_sync ON partner_lms_enrollments (progress_as_of, id)
    WHERE status = 'active' AND link = 'confirmed';

CREATE TABLE progress_samples (
    id BLOB NOT NULL PRIMARY KEY,
    enrollment_id BLOB NOT NULL REFERENCES partner_lms_enrollments (id),
    at TEXT NOT NULL,
    percent INTEGER CHECK (percent BETWEEN 0 AND 100),
    completed INTEGER NOT NULL CHECK (completed IN (0, 1)),
    source TEXT NOT NULL CHECK (source IN ('partner', 'here', 'advisor'))
) STRICT;
CREATE INDEX progress_samples_enrollment ON progress_samples (enrollment_id, at);

CREATE TABLE launches (
    id BLOB NOT NULL PRIMARY KEY,
    enrollment_id BLOB NOT NULL REFERENCES partner_lms_enrollments (id),
    at TEXT NOT NULL,
    handover TEXT NOT NULL CHECK (handover IN ('browser', 'link', 'qr', 'printed')),
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('student', 'advisor', 'system')),
    actor_id BLOB
) STRICT;
CREATE INDEX launches_enrollment ON launches (enrollment_id, at);

CREATE TABLE certificates (
    id BLOB NOT NULL PRIMARY KEY,
    enrollment_id BLOB NOT NULL REFERENCES partner_lms_enrollments (id),
    external_certificate_id TEXT,
    url TEXT,
    issued_at TEXT,
    received_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX certificates_enrollment ON certificates (enrollment_id);

CREATE TABLE jobs (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('provision', 'withdraw', 'mail', 'certificate')),
    enrollment_id BLOB REFERENCES partner_lms_enrollments (id),
    payload TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    needs TEXT NOT NULL,
    run_at TEXT NOT NULL,
    lease_until TEXT,
    -- Of the present budget; a person's "try again" starts a new one.
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    attempts_total INTEGER NOT NULL DEFAULT 0 CHECK (attempts_total >= attempts),
    last_error TEXT,
    gave_up_at TEXT,
    done_at TEXT,
    created_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX jobs_id ON jobs (id);
CREATE UNIQUE INDEX jobs_idempotency_key ON jobs (idempotency_key);
CREATE INDEX jobs_due ON jobs (needs, run_at, seq) WHERE done_at IS NULL AND gave_up_at IS NULL;
CREATE INDEX jobs_enrollment ON jobs (enrollment_id, seq);

CREATE TABLE events (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    at TEXT NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('student', 'advisor', 'system')),
    actor_id BLOB,
    subject BLOB,
    kind TEXT NOT NULL,
    enrollment_id BLOB REFERENCES partner_lms_enrollments (id),
    provider_id BLOB REFERENCES partner_lms_providers (id),
    payload TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE UNIQUE INDEX events_id ON events (id);
CREATE INDEX events_kind ON events (kind, at);
CREATE INDEX events_provider ON events (provider_id, at);
CREATE INDEX events_enrollment ON events (enrollment_id, seq);
CREATE INDEX events_subject ON events (subject, at);
