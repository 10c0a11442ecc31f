-- A payment posts five lines of the ledger. Each index holds only the lines that somebody asks it for.

-- What is about an enrollment is found by the first line of each transaction, the other lines through it.
DROP INDEX ledger_entries_enrollment;
CREATE INDEX ledger_entries_enrollment ON ledger_entries (enrollment_id) WHERE line = 0;
-- Reports and payouts sum up what partner and platform share, no other account.
DROP INDEX ledger_entries_report;
CREATE INDEX ledger_entries_report ON ledger_entries (account, provider_id, program_id, currency, kind, at, amount_cents)
    WHERE account IN ('partner_payable', 'platform_revenue');
