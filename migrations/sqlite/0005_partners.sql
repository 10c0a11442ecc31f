-- Partners as they really are: a life cycle, trouble that is noticed, LTI launches, proofs of completion, and
-- progress that is never shown as lost.

ALTER TABLE partner_lms_providers ADD COLUMN status_since TEXT;
-- Retiring: no new enrollments from the first day on, nothing opens any more from the second.
ALTER TABLE partner_lms_providers ADD COLUMN closes_on TEXT;
ALTER TABLE partner_lms_providers ADD COLUMN ends_on TEXT;
ALTER TABLE partner_lms_providers ADD COLUMN retirement_note TEXT;
-- Failed calls since the window began, and calls that worked since the last of them.
ALTER TABLE partner_lms_providers ADD COLUMN failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0);
ALTER TABLE partner_lms_providers ADD COLUMN successes INTEGER NOT NULL DEFAULT 0 CHECK (successes >= 0);
ALTER TABLE partner_lms_providers ADD COLUMN failing_from TEXT;
ALTER TABLE partner_lms_providers ADD COLUMN last_failure_at TEXT;
ALTER TABLE partner_lms_providers ADD COLUMN troubled_since TEXT;

-- The figure shown never falls; a lower report stands beside it.
ALTER TABLE partner_lms_enrollments ADD COLUMN progress_reported INTEGER CHECK (progress_reported BETWEEN 0 AND 100);
UPDATE partner_lms_enrollments SET progress_reported = progress_percentage, progress_percentage = progress_fell_from
    WHERE progress_fell_from > progress_percentage;
ALTER TABLE partner_lms_enrollments DROP COLUMN progress_fell_from;
-- Who told the newest figure; NULL for those of before.
ALTER TABLE partner_lms_enrollments ADD COLUMN progress_source TEXT CHECK (progress_source IN ('partner', 'here', 'advisor'));
-- An exam that was not passed is no figure.
ALTER TABLE partner_lms_enrollments ADD COLUMN exam_failed_at TEXT;
ALTER TABLE progress_samples ADD COLUMN failed INTEGER NOT NULL DEFAULT FALSE CHECK (failed IN (0, 1));

ALTER TABLE certificates ADD COLUMN expires_at TEXT;
ALTER TABLE certificates ADD COLUMN verify_url TEXT;
-- When the student was told that it expires soon.
ALTER TABLE certificates ADD COLUMN announced_at TEXT;
CREATE INDEX certificates_expiring ON certificates (expires_at) WHERE expires_at IS NOT NULL AND announced_at IS NULL;

-- Launches by LTI 1.3. Only digests of what the browser carries are kept; each works once.
CREATE TABLE lti_launches (
    id BLOB NOT NULL PRIMARY KEY,
    enrollment_id BLOB NOT NULL REFERENCES partner_lms_enrollments (id),
    student_id BLOB NOT NULL REFERENCES students (id),
    provider_id BLOB NOT NULL REFERENCES partner_lms_providers (id),
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('student', 'advisor', 'system')),
    actor_id BLOB,
    initiate_digest BLOB NOT NULL,
    login_hint_digest BLOB,
    message_hint_digest BLOB,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    initiated_at TEXT,
    used_at TEXT,
    CONSTRAINT lti_launches_steps CHECK ((initiated_at IS NULL) = (login_hint_digest IS NULL)
        AND (login_hint_digest IS NULL) = (message_hint_digest IS NULL)
        AND (used_at IS NULL OR initiated_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX lti_launches_initiate ON lti_launches (initiate_digest);
CREATE UNIQUE INDEX lti_launches_login_hint ON lti_launches (login_hint_digest) WHERE login_hint_digest IS NOT NULL;
CREATE INDEX lti_launches_expired ON lti_launches (expires_at);
CREATE INDEX lti_launches_enrollment ON lti_launches (enrollment_id, created_at);

-- "I have finished", where the partner reports nothing: an advisor accepts or declines.
CREATE TABLE completion_proofs (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    enrollment_id BLOB NOT NULL REFERENCES partner_lms_enrollments (id),
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'accepted', 'declined')),
    sent_at TEXT NOT NULL,
    finished_on TEXT,
    note TEXT,
    url TEXT,
    file_name TEXT,
    file BLOB,
    decided_at TEXT,
    decided_by BLOB REFERENCES advisors (id),
    decision_note TEXT,
    CONSTRAINT completion_proofs_file
        CHECK ((file IS NULL) = (file_name IS NULL) AND (file IS NULL OR length(file) <= 2097152)),
    CONSTRAINT completion_proofs_decided CHECK ((status = 'open') = (decided_at IS NULL)
        AND (decided_at IS NULL) = (decided_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX completion_proofs_id ON completion_proofs (id);
CREATE UNIQUE INDEX completion_proofs_open ON completion_proofs (enrollment_id) WHERE status = 'open';
CREATE INDEX completion_proofs_queue ON completion_proofs (seq) WHERE status = 'open';
CREATE INDEX completion_proofs_enrollment ON completion_proofs (enrollment_id, seq);

-- "Tell me when it is back."
CREATE TABLE partner_watches (
    id BLOB NOT NULL PRIMARY KEY,
    provider_id BLOB NOT NULL REFERENCES partner_lms_providers (id),
    student_id BLOB NOT NULL REFERENCES students (id),
    enrollment_id BLOB NOT NULL REFERENCES partner_lms_enrollments (id),
    asked_at TEXT NOT NULL,
    told_at TEXT
) STRICT;
CREATE UNIQUE INDEX partner_watches_waiting ON partner_watches (provider_id, student_id) WHERE told_at IS NULL;
CREATE INDEX partner_watches_enrollment ON partner_watches (enrollment_id);

-- What staff looks through when outside work did not come about.
CREATE INDEX jobs_given_up ON jobs (gave_up_at, seq) WHERE gave_up_at IS NOT NULL AND done_at IS NULL;
