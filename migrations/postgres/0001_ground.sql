-- Runs on an empty schema and on one in which the three partner_* tables already stand with rows.
-- What stands there is never dropped, renamed or retyped; what is missing is added.

CREATE TABLE programs (
    id UUID NOT NULL PRIMARY KEY,
    slug TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    aliases JSONB NOT NULL DEFAULT '[]',
    summary TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    category TEXT NOT NULL DEFAULT '',
    length TEXT,
    hours BIGINT CHECK (hours >= 0),
    credential TEXT,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    demo BOOLEAN NOT NULL DEFAULT FALSE,
    -- Place in the catalogue: its author decides what comes first.
    position BIGINT NOT NULL DEFAULT 1000000 CHECK (position >= 0)
);
CREATE UNIQUE INDEX programs_slug ON programs (slug);

CREATE TABLE students (
    id UUID NOT NULL PRIMARY KEY,
    email TEXT COLLATE "C",
    name TEXT,
    -- Name and address in lower case, for look-ups that ignore case in every script.
    search_text TEXT COLLATE "C" NOT NULL DEFAULT '',
    created_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX students_email ON students (lower(email));

CREATE TABLE advisors (
    id UUID NOT NULL PRIMARY KEY,
    email TEXT COLLATE "C" NOT NULL,
    name TEXT,
    created_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX advisors_email ON advisors (lower(email));

CREATE TABLE IF NOT EXISTS partner_lms_providers (
    id UUID NOT NULL PRIMARY KEY,
    provider_name TEXT COLLATE "C" NOT NULL,
    provider_type TEXT NOT NULL,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    api_config JSONB NOT NULL DEFAULT '{}'
);
CREATE TABLE IF NOT EXISTS partner_courses (
    id UUID NOT NULL PRIMARY KEY,
    provider_id UUID NOT NULL,
    course_name TEXT NOT NULL,
    external_course_code TEXT NOT NULL,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    metadata JSONB NOT NULL DEFAULT '{}'
);
CREATE TABLE IF NOT EXISTS partner_lms_enrollments (
    id UUID NOT NULL PRIMARY KEY,
    provider_id UUID,
    student_id UUID NOT NULL,
    course_id UUID,
    program_id UUID NOT NULL,
    external_enrollment_id TEXT,
    status TEXT NOT NULL,
    progress_percentage BIGINT NOT NULL DEFAULT 0,
    enrolled_at TIMESTAMPTZ NOT NULL
);

-- References need a key on the other side, which an old table may lack.
DO $$
DECLARE t TEXT;
BEGIN
    FOREACH t IN ARRAY ARRAY['partner_lms_providers', 'partner_courses', 'partner_lms_enrollments'] LOOP
        IF NOT EXISTS (
            SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = t::regclass AND i.indisunique AND i.indpred IS NULL AND i.indnkeyatts = 1
                AND i.indimmediate AND a.attname = 'id'
        ) THEN
            EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (id)', t);
        END IF;
    END LOOP;
END $$;

ALTER TABLE partner_lms_providers
    ADD COLUMN IF NOT EXISTS description TEXT NOT NULL DEFAULT '',
    ADD COLUMN IF NOT EXISTS icon TEXT,
    ADD COLUMN IF NOT EXISTS status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused')),
    ADD COLUMN IF NOT EXISTS status_note TEXT,
    ADD COLUMN IF NOT EXISTS status_until DATE,
    ADD COLUMN IF NOT EXISTS demo BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE partner_lms_providers SET status = 'paused' WHERE active IS NOT TRUE;

ALTER TABLE partner_courses
    ADD COLUMN IF NOT EXISTS program_id UUID,
    ADD COLUMN IF NOT EXISTS pacing TEXT NOT NULL DEFAULT 'self_paced'
        CHECK (pacing IN ('self_paced', 'instructor_led')),
    ADD COLUMN IF NOT EXISTS hours BIGINT CHECK (hours >= 0),
    ADD COLUMN IF NOT EXISTS credential TEXT,
    ADD COLUMN IF NOT EXISTS price_cents BIGINT NOT NULL DEFAULT 0 CHECK (price_cents >= 0),
    ADD COLUMN IF NOT EXISTS currency TEXT NOT NULL DEFAULT 'USD' CHECK (length(currency) = 3);

ALTER TABLE partner_lms_enrollments
    ADD COLUMN IF NOT EXISTS external_account_id TEXT,
    ADD COLUMN IF NOT EXISTS last_accessed_at TIMESTAMPTZ,
    ADD COLUMN IF NOT EXISTS link TEXT NOT NULL DEFAULT 'none'
        CHECK (link IN ('none', 'requested', 'confirmed', 'failed', 'manual')),
    ADD COLUMN IF NOT EXISTS payment TEXT NOT NULL DEFAULT 'none'
        CHECK (payment IN ('none', 'open', 'paid', 'part_refunded', 'refunded', 'failed', 'expired', 'parked')),
    ADD COLUMN IF NOT EXISTS cohort_id UUID,
    ADD COLUMN IF NOT EXISTS hold_until TIMESTAMPTZ,
    ADD COLUMN IF NOT EXISTS replaces_id UUID REFERENCES partner_lms_enrollments (id),
    ADD COLUMN IF NOT EXISTS switched_from UUID REFERENCES partner_lms_enrollments (id),
    ADD COLUMN IF NOT EXISTS progress_as_of TIMESTAMPTZ,
    ADD COLUMN IF NOT EXISTS progress_fell_from BIGINT CHECK (progress_fell_from BETWEEN 0 AND 100),
    ADD COLUMN IF NOT EXISTS completed_at TIMESTAMPTZ;

-- People and programs that only the old enrollments know.
INSERT INTO students (id) SELECT DISTINCT student_id FROM partner_lms_enrollments;
INSERT INTO programs (id, slug, title)
SELECT e.program_id, 'adopted-' || e.program_id, COALESCE(MIN(c.course_name), 'Program ' || left(e.program_id::text, 8))
FROM partner_lms_enrollments e LEFT JOIN partner_courses c ON c.id = e.course_id
GROUP BY e.program_id;

-- A course belongs to a program when all its enrollments say the same one and no other
-- course of the same partner claims it.
WITH one AS (
    SELECT course_id, MIN(program_id::text)::uuid AS program_id
    FROM partner_lms_enrollments WHERE course_id IS NOT NULL
    GROUP BY course_id HAVING COUNT(DISTINCT program_id) = 1
), clear AS (
    SELECT MIN(one.course_id::text)::uuid AS course_id, one.program_id
    FROM one JOIN partner_courses c ON c.id = one.course_id
    GROUP BY one.program_id, c.provider_id HAVING COUNT(*) = 1
)
UPDATE partner_courses SET program_id = clear.program_id
FROM clear WHERE clear.course_id = partner_courses.id AND partner_courses.program_id IS NULL;

UPDATE partner_lms_enrollments
SET link = CASE WHEN external_enrollment_id IS NOT NULL AND external_enrollment_id <> '' THEN 'confirmed' ELSE 'manual' END
WHERE provider_id IS NOT NULL;

CREATE UNIQUE INDEX partner_lms_providers_name ON partner_lms_providers (provider_name);
CREATE UNIQUE INDEX partner_courses_offer ON partner_courses (program_id, provider_id);
CREATE INDEX partner_courses_provider ON partner_courses (provider_id, external_course_code);

CREATE TABLE partner_terms (
    id UUID NOT NULL PRIMARY KEY,
    course_id UUID NOT NULL REFERENCES partner_courses (id),
    valid_from TIMESTAMPTZ NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('none', 'share', 'wholesale')),
    share_bp BIGINT CHECK (share_bp BETWEEN 0 AND 10000),
    wholesale_cents BIGINT CHECK (wholesale_cents >= 0),
    CONSTRAINT partner_terms_shape
        CHECK ((kind = 'share') = (share_bp IS NOT NULL) AND (kind = 'wholesale') = (wholesale_cents IS NOT NULL))
);
CREATE UNIQUE INDEX partner_terms_version ON partner_terms (course_id, valid_from);

CREATE TABLE cohorts (
    id UUID NOT NULL PRIMARY KEY,
    course_id UUID NOT NULL REFERENCES partner_courses (id),
    starts_on DATE NOT NULL,
    ends_on DATE,
    schedule TEXT,
    time_zone TEXT NOT NULL DEFAULT 'UTC',
    location TEXT,
    seats BIGINT NOT NULL,
    taken BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT cohorts_seats CHECK (taken >= 0 AND taken <= seats)
);
CREATE INDEX cohorts_course ON cohorts (course_id, starts_on);

CREATE TABLE partner_accounts (
    id UUID NOT NULL PRIMARY KEY,
    student_id UUID NOT NULL REFERENCES students (id),
    provider_id UUID NOT NULL REFERENCES partner_lms_providers (id),
    external_account_id TEXT NOT NULL,
    username TEXT,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX partner_accounts_owner ON partner_accounts (student_id, provider_id);

-- NULL passes a CHECK, so the columns every rule depends on are made NOT NULL as well; the
-- check before this migration made sure that no row is in the way.
ALTER TABLE partner_courses
    ADD CONSTRAINT partner_courses_provider_fk FOREIGN KEY (provider_id) REFERENCES partner_lms_providers (id),
    ADD CONSTRAINT partner_courses_program_fk FOREIGN KEY (program_id) REFERENCES programs (id);
ALTER TABLE partner_lms_enrollments
    ALTER COLUMN student_id SET NOT NULL,
    ALTER COLUMN program_id SET NOT NULL,
    ALTER COLUMN status SET NOT NULL,
    ADD CONSTRAINT partner_lms_enrollments_provider_fk FOREIGN KEY (provider_id) REFERENCES partner_lms_providers (id),
    ADD CONSTRAINT partner_lms_enrollments_student_fk FOREIGN KEY (student_id) REFERENCES students (id),
    ADD CONSTRAINT partner_lms_enrollments_course_fk FOREIGN KEY (course_id) REFERENCES partner_courses (id),
    ADD CONSTRAINT partner_lms_enrollments_program_fk FOREIGN KEY (program_id) REFERENCES programs (id),
    ADD CONSTRAINT partner_lms_enrollments_cohort_fk FOREIGN KEY (cohort_id) REFERENCES cohorts (id),
    ADD CONSTRAINT partner_lms_enrollments_status CHECK (status IN ('pending', 'active', 'completed', 'cancelled')),
    ADD CONSTRAINT partner_lms_enrollments_progress CHECK (progress_percentage BETWEEN 0 AND 100),
    ADD CONSTRAINT partner_lms_enrollments_delivery CHECK ((provider_id IS NULL) = (course_id IS NULL));

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
CREATE INDEX partner_lms_enrollments_sync ON partner_lms_enrollments (progress_as_of NULLS FIRST, id)
    WHERE status = 'active' AND link = 'confirmed';

CREATE TABLE progress_samples (
    id UUID NOT NULL PRIMARY KEY,
    enrollment_id UUID NOT NULL REFERENCES partner_lms_enrollments (id),
    at TIMESTAMPTZ NOT NULL,
    percent BIGINT CHECK (percent BETWEEN 0 AND 100),
    completed BOOLEAN NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('partner', 'here', 'advisor'))
);
CREATE INDEX progress_samples_enrollment ON progress_samples (enrollment_id, at);

CREATE TABLE launches (
    id UUID NOT NULL PRIMARY KEY,
    enrollment_id UUID NOT NULL REFERENCES partner_lms_enrollments (id),
    at TIMESTAMPTZ NOT NULL,
    handover TEXT NOT NULL CHECK (handover IN ('browser', 'link', 'qr', 'printed')),
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('student', 'advisor', 'system')),
    actor_id UUID
);
CREATE INDEX launches_enrollment ON launches (enrollment_id, at);

CREATE TABLE certificates (
    id UUID NOT NULL PRIMARY KEY,
    enrollment_id UUID NOT NULL REFERENCES partner_lms_enrollments (id),
    external_certificate_id TEXT,
    url TEXT,
    issued_at TIMESTAMPTZ,
    received_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX certificates_enrollment ON certificates (enrollment_id);

CREATE TABLE jobs (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id UUID NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('provision', 'withdraw', 'mail', 'certificate')),
    enrollment_id UUID REFERENCES partner_lms_enrollments (id),
    payload JSONB NOT NULL,
    idempotency_key TEXT NOT NULL,
    needs TEXT COLLATE "C" NOT NULL,
    run_at TIMESTAMPTZ NOT NULL,
    lease_until TIMESTAMPTZ,
    -- Of the present budget; a person's "try again" starts a new one.
    attempts BIGINT NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    attempts_total BIGINT NOT NULL DEFAULT 0 CHECK (attempts_total >= attempts),
    last_error TEXT,
    gave_up_at TIMESTAMPTZ,
    done_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX jobs_id ON jobs (id);
CREATE UNIQUE INDEX jobs_idempotency_key ON jobs (idempotency_key);
CREATE INDEX jobs_due ON jobs (needs, run_at, seq) WHERE done_at IS NULL AND gave_up_at IS NULL;
CREATE INDEX jobs_enrollment ON jobs (enrollment_id, seq);

CREATE TABLE events (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id UUID NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('student', 'advisor', 'system')),
    actor_id UUID,
    subject UUID,
    kind TEXT NOT NULL,
    enrollment_id UUID REFERENCES partner_lms_enrollments (id),
    provider_id UUID REFERENCES partner_lms_providers (id),
    payload JSONB NOT NULL DEFAULT '{}'
);
CREATE UNIQUE INDEX events_id ON events (id);
CREATE INDEX events_kind ON events (kind, at);
CREATE INDEX events_provider ON events (provider_id, at);
CREATE INDEX events_enrollment ON events (enrollment_id, seq);
CREATE INDEX events_subject ON events (subject, at);
