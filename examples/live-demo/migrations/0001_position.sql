-- Up Migration
-- Where the replay is: one row. Everything up to and including this event is on the board.
CREATE TABLE position (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  starts_at timestamptz NOT NULL,
  seed bigint NOT NULL,
  at timestamptz NOT NULL,
  kind text NOT NULL CHECK (kind IN ('departure', 'outcome')),
  flight_id text NOT NULL,
  saved_at timestamptz NOT NULL DEFAULT now()
);

-- Down Migration
DROP TABLE position;
