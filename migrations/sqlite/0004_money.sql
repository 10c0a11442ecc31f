-- Money: payments, refunds and the ledger; what is paid back when; and what reports count.

-- What is paid back when, as agreed with the partner (JSON); none: everything before the start.
ALTER TABLE partner_lms_providers ADD COLUMN refund_policy TEXT;

-- Written before the processor hears of it: the key and the exact body of the request.
CREATE TABLE payments (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    enrollment_id BLOB NOT NULL REFERENCES partner_lms_enrollments (id),
    -- What it pays for now: a switch takes the money along.
    funds_id BLOB NOT NULL REFERENCES partner_lms_enrollments (id),
    student_id BLOB NOT NULL REFERENCES students (id),
    status TEXT NOT NULL DEFAULT 'open'
        CHECK (status IN ('open', 'paid', 'part_refunded', 'refunded', 'failed', 'expired', 'parked')),
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    refunded_cents INTEGER NOT NULL DEFAULT 0,
    processor TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_body TEXT NOT NULL,
    sent_at TEXT,
    session_id TEXT,
    payment_intent TEXT,
    url TEXT,
    expires_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    -- What came, where it does not fit what was asked for.
    odd_cents INTEGER,
    odd_currency TEXT,
    paid_at TEXT,
    closed_at TEXT,
    note TEXT,
    refund_policy TEXT NOT NULL,
    terms_kind TEXT NOT NULL DEFAULT 'none' CHECK (terms_kind IN ('none', 'share', 'wholesale')),
    share_bp INTEGER CHECK (share_bp BETWEEN 0 AND 10000),
    wholesale_cents INTEGER CHECK (wholesale_cents >= 0),
    CONSTRAINT payments_refunded CHECK (refunded_cents BETWEEN 0 AND amount_cents
        AND (refunded_cents = 0 OR status IN ('part_refunded', 'refunded'))
        AND (status = 'refunded') = (refunded_cents = amount_cents)),
    CONSTRAINT payments_paid CHECK (status IN ('open', 'failed', 'expired', 'parked') OR paid_at IS NOT NULL),
    CONSTRAINT payments_terms
        CHECK ((terms_kind = 'share') = (share_bp IS NOT NULL) AND (terms_kind = 'wholesale') = (wholesale_cents IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX payments_id ON payments (id);
CREATE UNIQUE INDEX payments_idempotency_key ON payments (idempotency_key);
CREATE UNIQUE INDEX payments_session ON payments (processor, session_id) WHERE session_id IS NOT NULL;
-- Never two pages on which one enrollment could be paid.
CREATE UNIQUE INDEX payments_open ON payments (enrollment_id) WHERE status = 'open';
CREATE INDEX payments_unsettled ON payments (status, seq) WHERE status IN ('open', 'parked');
CREATE INDEX payments_enrollment ON payments (enrollment_id, seq);
CREATE INDEX payments_funds ON payments (funds_id, seq);
CREATE INDEX payments_student ON payments (student_id, seq);

CREATE TABLE refunds (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    payment_id BLOB NOT NULL REFERENCES payments (id),
    enrollment_id BLOB NOT NULL REFERENCES partner_lms_enrollments (id),
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    status TEXT NOT NULL DEFAULT 'requested' CHECK (status IN ('requested', 'pending', 'succeeded', 'failed')),
    reason TEXT NOT NULL,
    -- A failed one is tried again under a key of its own.
    attempt INTEGER NOT NULL DEFAULT 1 CHECK (attempt >= 1),
    idempotency_key TEXT NOT NULL,
    request_body TEXT NOT NULL,
    sent_at TEXT,
    external_refund_id TEXT,
    requested_at TEXT NOT NULL,
    ended_at TEXT,
    note TEXT,
    CONSTRAINT refunds_ended CHECK ((status IN ('succeeded', 'failed')) = (ended_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX refunds_id ON refunds (id);
CREATE UNIQUE INDEX refunds_idempotency_key ON refunds (idempotency_key);
CREATE INDEX refunds_payment ON refunds (payment_id, seq);
CREATE INDEX refunds_enrollment ON refunds (enrollment_id, seq);
CREATE INDEX refunds_unsettled ON refunds (status, seq) WHERE status IN ('requested', 'pending', 'failed');

-- Double entry: debits positive, credits negative; the rows of one transaction sum to zero per currency.
CREATE TABLE ledger_entries (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    transaction_id BLOB NOT NULL,
    line INTEGER NOT NULL CHECK (line >= 0),
    at TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('payment', 'split', 'unsplit', 'refund', 'refund_paid', 'payout')),
    account TEXT NOT NULL CHECK (account IN ('processor_clearing', 'student_credit', 'partner_payable',
        'platform_revenue', 'refunds', 'partner_paid_out')),
    provider_id BLOB REFERENCES partner_lms_providers (id),
    enrollment_id BLOB REFERENCES partner_lms_enrollments (id),
    payment_id BLOB REFERENCES payments (id),
    refund_id BLOB REFERENCES refunds (id),
    -- Copied from the enrollment, so that a report reads one index.
    program_id BLOB,
    reference TEXT,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    amount_cents INTEGER NOT NULL CHECK (amount_cents <> 0)
) STRICT;
CREATE UNIQUE INDEX ledger_entries_line ON ledger_entries (transaction_id, line);
CREATE INDEX ledger_entries_enrollment ON ledger_entries (enrollment_id, account);
-- A partner is not paid twice under one reference.
CREATE UNIQUE INDEX ledger_entries_payout ON ledger_entries (provider_id, reference) WHERE account = 'partner_paid_out';
CREATE INDEX ledger_entries_report ON ledger_entries (account, provider_id, program_id, currency, kind, at, amount_cents);

CREATE TRIGGER ledger_entries_keep BEFORE UPDATE ON ledger_entries
BEGIN
    SELECT RAISE(ABORT, 'ledger_entries is append-only');
END;
CREATE TRIGGER ledger_entries_stay BEFORE DELETE ON ledger_entries
BEGIN
    SELECT RAISE(ABORT, 'ledger_entries is append-only');
END;

-- Two more kinds of outside work. SQLite changes a CHECK only with the table.
CREATE TABLE jobs_new (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('provision', 'withdraw', 'mail', 'certificate', 'checkout', 'refund')),
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
INSERT INTO jobs_new (seq, id, kind, enrollment_id, payload, idempotency_key, needs, run_at, lease_until,
    attempts, attempts_total, last_error, gave_up_at, done_at, created_at)
    SELECT seq, id, kind, enrollment_id, payload, idempotency_key, needs, run_at, lease_until,
    attempts, attempts_total, last_error, gave_up_at, done_at, created_at FROM jobs;
DROP TABLE jobs;
ALTER TABLE jobs_new RENAME TO jobs;
CREATE UNIQUE INDEX jobs_id ON jobs (id);
CREATE UNIQUE INDEX jobs_idempotency_key ON jobs (idempotency_key);
CREATE INDEX jobs_due ON jobs (needs, run_at, seq) WHERE done_at IS NULL AND gave_up_at IS NULL;
CREATE INDEX jobs_enrollment ON jobs (enrollment_id, seq);

-- Reports count events: what they ask about stands in one index, in the order they group by.
ALTER TABLE events ADD COLUMN program_id BLOB;
-- Whole days from enrolling to completing.
ALTER TABLE events ADD COLUMN days INTEGER CHECK (days >= 0);
UPDATE events SET program_id = (SELECT e.program_id FROM partner_lms_enrollments e WHERE e.id = events.enrollment_id)
    WHERE enrollment_id IS NOT NULL;
UPDATE events SET days = (SELECT MAX(0, CAST(julianday(e.completed_at) - julianday(e.enrolled_at) AS INTEGER))
    FROM partner_lms_enrollments e WHERE e.id = events.enrollment_id) WHERE kind = 'completed';
-- The first figure above zero began the course.
INSERT INTO events (id, at, actor_kind, subject, kind, enrollment_id, provider_id, program_id)
    SELECT randomblob(16), MIN(s.at), 'system', e.student_id, 'started', e.id, e.provider_id, e.program_id
    FROM progress_samples s JOIN partner_lms_enrollments e ON e.id = s.enrollment_id WHERE s.percent > 0
    GROUP BY e.id, e.student_id, e.provider_id, e.program_id;
DROP INDEX events_kind;
DROP INDEX events_provider;
CREATE INDEX events_report ON events (kind, provider_id, program_id, days, at);
