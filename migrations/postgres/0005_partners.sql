-- Partners as they really are: a life cycle, trouble that is noticed, LTI launches, proofs of completion, and
-- progress that is never shown as lost.

ALTER TABLE partner_lms_providers ADD COLUMN IF NOT EXISTS status_since TIMESTAMPTZ;
-- Retiring: no new enrollments from the first day on, nothing opens any more from the second.
ALTER TABLE partner_lms_providers ADD COLUMN IF NOT EXISTS closes_on DATE;
ALTER TABLE partner_lms_providers ADD COLUMN IF NOT EXISTS ends_on DATE;
ALTER TABLE partner_lms_providers ADD COLUMN IF NOT EXISTS retirement_note TEXT;
-- Failed calls since the window began, and calls that worked since the last of them.
ALTER TABLE partner_lms_providers ADD COLUMN IF NOT EXISTS failures BIGINT NOT NULL DEFAULT 0 CHECK (failures >= 0);
ALTER TABLE partner_lms_providers ADD COLUMN IF NOT EXISTS successes BIGINT NOT NULL DEFAULT 0 CHECK (successes >= 0);
ALTER TABLE partner_lms_providers ADD COLUMN IF NOT EXISTS failing_from TIMESTAMPTZ;
ALTER TABLE partner_lms_providers ADD COLUMN IF NOT EXISTS last_failure_at TIMESTAMPTZ;
ALTER TABLE partner_lms_providers ADD COLUMN IF NOT EXISTS troubled_since TIMESTAMPTZ;

-- The figure shown never falls; a lower report stands beside it.
ALTER TABLE partner_lms_enrollments ADD COLUMN IF NOT EXISTS progress_reported BIGINT CHECK (progress_reported BETWEEN 0 AND 100);
UPDATE partner_lms_enrollments SET progress_reported = CAST(progress_percentage AS BIGINT), progress_percentage = progress_fell_from
    WHERE progress_fell_from > progress_percentage;
ALTER TABLE partner_lms_enrollments DROP COLUMN progress_fell_from;
-- Who told the newest figure; NULL for those of before.
ALTER TABLE partner_lms_enrollments ADD COLUMN IF NOT EXISTS progress_source TEXT CHECK (progress_source IN ('partner', 'here', 'advisor'));
-- An exam that was not passed is no figure.
ALTER TABLE partner_lms_enrollments ADD COLUMN IF NOT EXISTS exam_failed_at TIMESTAMPTZ;
ALTER TABLE progress_samples ADD COLUMN IF NOT EXISTS failed BOOLEAN NOT NULL DEFAULT FALSE;

ALTER TABLE certificates ADD COLUMN IF NOT EXISTS expires_at TIMESTAMPTZ;
ALTER TABLE certificates ADD COLUMN IF NOT EXISTS verify_url TEXT;
-- When the student was told that it expires soon.
ALTER TABLE certificates ADD COLUMN IF NOT EXISTS announced_at TIMESTAMPTZ;
CREATE INDEX certificates_expiring ON certificates (expires_at) WHERE expires_at IS NOT NULL AND announced_at IS NULL;

-- Launches by LTI 1.3. Only digests of what the browser carries are kept; each works once.
CREATE TABLE lti_launches (
    id UUID NOT NULL PRIMARY KEY,
    enrollment_id UUID NOT NULL REFERENCES partner_lms_enrollments (id),
    student_id UUID NOT NULL REFERENCES students (id),
    provider_id UUID NOT NULL REFERENCES partner_lms_providers (id),
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('student', 'advisor', 'system')),
    actor_id UUID,
    initiate_digest BYTEA NOT NULL,
    login_hint_digest BYTEA,
    message_hint_digest BYTEA,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    initiated_at TIMESTAMPTZ,
    used_at TIMESTAMPTZ,
    CONSTRAINT lti_launches_steps CHECK ((initiated_at IS NULL) = (login_hint_digest IS NULL)
        AND (login_hint_digest IS NULL) = (message_hint_digest IS NULL)
        AND (used_at IS NULL OR initiated_at IS NOT NULL))
);
CREATE UNIQUE INDEX lti_launches_initiate ON lti_launches (initiate_digest);
CREATE UNIQUE INDEX lti_launches_login_hint ON lti_launches (login_hint_digest) WHERE login_hint_digest IS NOT NULL;
CREATE INDEX lti_launches_expired ON lti_launches (expires_at);
CREATE INDEX lti_launches_enrollment ON lti_launches (enrollment_id, created_at);

-- "I have finished", where the partner reports nothing: an advisor accepts or declines.
CREATE TABLE completion_proofs (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id UUID NOT NULL,
    enrollment_id UUID NOT NULL REFERENCES partner_lms_enrollments (id),
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'accepted', 'declined')),
    sent_at TIMESTAMPTZ NOT NULL,
    finished_on DATE,
    note TEXT,
    url TEXT,
    file_name TEXT,
    file BYTEA,
    decided_at TIMESTAMPTZ,
    decided_by UUID REFERENCES advisors (id),
    decision_note TEXT,
    CONSTRAINT completion_proofs_file
        CHECK ((file IS NULL) = (file_name IS NULL) AND (file IS NULL OR octet_length(file) <= 2097152)),
    CONSTRAINT completion_proofs_decided CHECK ((status = 'open') = (decided_at IS NULL)
        AND (decided_at IS NULL) = (decided_by IS NULL))
);
CREATE UNIQUE INDEX completion_proofs_id ON completion_proofs (id);
CREATE UNIQUE INDEX completion_proofs_open ON completion_proofs (enrollment_id) WHERE status = 'open';
CREATE INDEX completion_proofs_queue ON completion_proofs (seq) WHERE status = 'open';
CREATE INDEX completion_proofs_enrollment ON completion_proofs (enrollment_id, seq);

-- "Tell me when it is back."
CREATE TABLE partner_watches (
    id UUID NOT NULL PRIMARY KEY,
    provider_id UUID NOT NULL REFERENCES partner_lms_providers (id),
    student_id UUID NOT NULL REFERENCES students (id),
    enrollment_id UUID NOT NULL REFERENCES partner_lms_enrollments (id),
    asked_at TIMESTAMPTZ NOT NULL,
    told_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX partner_watches_waiting ON partner_watches (provider_id, student_id) WHERE told_at IS NULL;
CREATE INDEX partner_watches_enrollment ON partner_watches (enrollment_id);

-- What staff looks through when outside work did not come about.
CREATE INDEX jobs_given_up ON jobs (gave_up_at, seq) WHERE gave_up_at IS NOT NULL AND done_at IS NULL;
