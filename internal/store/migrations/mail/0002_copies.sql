-- "All mail" shows once more what other folders hold. Which message is which only a reading tells: all is read anew.
ALTER TABLE record ADD COLUMN digest INTEGER NOT NULL DEFAULT 0; -- of the header, the same in each folder; 0 where there is none
ALTER TABLE record ADD COLUMN copy INTEGER NOT NULL DEFAULT 0;   -- it lies in "all mail" and counts where no other folder has it
CREATE INDEX record_digest ON record (digest) WHERE digest <> 0 AND NOT copy;
DELETE FROM record;
DELETE FROM mark;
DELETE FROM reading;
DELETE FROM cover;
DELETE FROM unread;
