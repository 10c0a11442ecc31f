-- Money: payments, refunds and the ledger; what is paid back when; and what reports count.

-- What is paid back when, as agreed with the partner (JSON); none: everything before the start.
ALTER TABLE partner_lms_providers ADD COLUMN IF NOT EXISTS refund_policy TEXT;

-- Written before the processor hears of it: the key and the exact body of the request.
CREATE TABLE payments (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id UUID NOT NULL,
    enrollment_id UUID NOT NULL REFERENCES partner_lms_enrollments (id),
    -- What it pays for now: a switch takes the money along.
    funds_id UUID NOT NULL REFERENCES partner_lms_enrollments (id),
    student_id UUID NOT NULL REFERENCES students (id),
    status TEXT NOT NULL DEFAULT 'open'
        CHECK (status IN ('open', 'paid', 'part_refunded', 'refunded', 'failed', 'expired', 'parked')),
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    refunded_cents BIGINT NOT NULL DEFAULT 0,
    processor TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_body TEXT NOT NULL,
    sent_at TIMESTAMPTZ,
    session_id TEXT,
    payment_intent TEXT,
    url TEXT,
    expires_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    -- What came, where it does not fit what was asked for.
    odd_cents BIGINT,
    odd_currency TEXT,
    paid_at TIMESTAMPTZ,
    closed_at TIMESTAMPTZ,
    note TEXT,
    refund_policy TEXT NOT NULL,
    terms_kind TEXT NOT NULL DEFAULT 'none' CHECK (terms_kind IN ('none', 'share', 'wholesale')),
    share_bp BIGINT CHECK (share_bp BETWEEN 0 AND 10000),
    wholesale_cents BIGINT CHECK (wholesale_cents >= 0),
    CONSTRAINT payments_refunded CHECK (refunded_cents BETWEEN 0 AND amount_cents
        AND (refunded_cents = 0 OR status IN ('part_refunded', 'refunded'))
        AND (status = 'refunded') = (refunded_cents = amount_cents)),
    CONSTRAINT payments_paid CHECK (status IN ('open', 'failed', 'expired', 'parked') OR paid_at IS NOT NULL),
    CONSTRAINT payments_terms
        CHECK ((terms_kind = 'share') = (share_bp IS NOT NULL) AND (terms_kind = 'wholesale') = (wholesale_cents IS NOT NULL))
);
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
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id UUID NOT NULL,
    payment_id UUID NOT NULL REFERENCES payments (id),
    enrollment_id UUID NOT NULL REFERENCES partner_lms_enrollments (id),
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    status TEXT NOT NULL DEFAULT 'requested' CHECK (status IN ('requested', 'pending', 'succeeded', 'failed')),
    reason TEXT NOT NULL,
    -- A failed one is tried again under a key of its own.
    attempt BIGINT NOT NULL DEFAULT 1 CHECK (attempt >= 1),
    idempotency_key TEXT NOT NULL,
    request_body TEXT NOT NULL,
    sent_at TIMESTAMPTZ,
    external_refund_id TEXT,
    requested_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    note TEXT,
    CONSTRAINT refunds_ended CHECK ((status IN ('succeeded', 'failed')) = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX refunds_id ON refunds (id);
CREATE UNIQUE INDEX refunds_idempotency_key ON refunds (idempotency_key);
CREATE INDEX refunds_payment ON refunds (payment_id, seq);
CREATE INDEX refunds_enrollment ON refunds (enrollment_id, seq);
CREATE INDEX refunds_unsettled ON refunds (status, seq) WHERE status IN ('requested', 'pending', 'failed');

-- Double entry: debits positive, credits negative; the rows of one transaction sum to zero per currency.
CREATE TABLE ledger_entries (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transaction_id UUID NOT NULL,
    line BIGINT NOT NULL CHECK (line >= 0),
    at TIMESTAMPTZ NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('payment', 'split', 'unsplit', 'refund', 'refund_paid', 'payout')),
    account TEXT NOT NULL CHECK (account IN ('processor_clearing', 'student_credit', 'partner_payable',
        'platform_revenue', 'refunds', 'partner_paid_out')),
    provider_id UUID REFERENCES partner_lms_providers (id),
    enrollment_id UUID REFERENCES partner_lms_enrollments (id),
    payment_id UUID REFERENCES payments (id),
    refund_id UUID REFERENCES refunds (id),
    -- Copied from the enrollment, so that a report reads one index.
    program_id UUID,
    reference TEXT,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    amount_cents BIGINT NOT NULL CHECK (amount_cents <> 0)
);
CREATE UNIQUE INDEX ledger_entries_line ON ledger_entries (transaction_id, line);
CREATE INDEX ledger_entries_enrollment ON ledger_entries (enrollment_id, account);
-- A partner is not paid twice under one reference.
CREATE UNIQUE INDEX ledger_entries_payout ON ledger_entries (provider_id, reference) WHERE account = 'partner_paid_out';
CREATE INDEX ledger_entries_report ON ledger_entries (account, provider_id, program_id, currency, kind, at, amount_cents);

CREATE FUNCTION ledger_entries_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger_entries is append-only';
END;
$$;
CREATE TRIGGER ledger_entries_keep BEFORE UPDATE OR DELETE ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION ledger_entries_is_append_only();
CREATE TRIGGER ledger_entries_stay BEFORE TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_is_append_only();

-- Two more kinds of outside work.
ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check;
ALTER TABLE jobs ADD CONSTRAINT jobs_kind_check
    CHECK (kind IN ('provision', 'withdraw', 'mail', 'certificate', 'checkout', 'refund'));

-- Reports count events: what they ask about stands in one index, in the order they group by.
ALTER TABLE events ADD COLUMN program_id UUID;
-- Whole days from enrolling to completing.
ALTER TABLE events ADD COLUMN days BIGINT CHECK (days >= 0);
UPDATE events SET program_id = (SELECT e.program_id FROM partner_lms_enrollments e WHERE e.id = events.enrollment_id)
    WHERE enrollment_id IS NOT NULL;
UPDATE events SET days = (SELECT GREATEST(0, CAST(EXTRACT(DAY FROM e.completed_at - e.enrolled_at) AS BIGINT))
    FROM partner_lms_enrollments e WHERE e.id = events.enrollment_id) WHERE kind = 'completed';
-- The first figure above zero began the course.
INSERT INTO events (id, at, actor_kind, subject, kind, enrollment_id, provider_id, program_id)
    SELECT gen_random_uuid(), MIN(s.at), 'system', e.student_id, 'started', e.id, e.provider_id, e.program_id
    FROM progress_samples s JOIN partner_lms_enrollments e ON e.id = s.enrollment_id WHERE s.percent > 0
    GROUP BY e.id, e.student_id, e.provider_id, e.program_id;
DROP INDEX events_kind;
DROP INDEX events_provider;
CREATE INDEX events_report ON events (kind, provider_id, program_id, days, at);
