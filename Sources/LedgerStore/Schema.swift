import GRDB

/// The tables, as named migrations; one that was released is never edited.
enum Schema {
    /// Names of all migrations that this program knows, oldest first.
    static var known: [String] { migrator.migrations }

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("2026-1-ledger") { database in
            for sql in [log, agreement, state, promises] { try database.execute(sql: sql) }
        }
        migrator.registerMigration("2026-2-epochs") { database in
            try database.execute(sql: epochs)
        }
        migrator.registerMigration("2026-4-snapshots") { database in
            try database.execute(sql: snapshots)
        }
        migrator.registerMigration("2026-5-claim-lists") { database in
            try database.execute(sql: claimLists)
        }
        return migrator
    }

    /// What the log commits to.
    ///
    /// Tiles hold 256 hashes each; the last tile of a level grows in place,
    /// except on level 0, whose last hashes are only in `leaves`.
    private static let log = """
        CREATE TABLE meta (
            name TEXT NOT NULL PRIMARY KEY,
            value BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE leaves (
            leaf_index INTEGER NOT NULL PRIMARY KEY,
            bytes BLOB NOT NULL,
            hash BLOB NOT NULL,
            kind TEXT NOT NULL,
            issuer TEXT,
            subject TEXT,
            height INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX leaves_by_hash ON leaves (hash);
        CREATE UNIQUE INDEX leaves_by_identity ON leaves (issuer, subject, kind)
            WHERE issuer IS NOT NULL;

        CREATE TABLE tiles (
            level INTEGER NOT NULL,
            number INTEGER NOT NULL,
            hashes BLOB NOT NULL,
            PRIMARY KEY (level, number)
        ) STRICT;
        """

    /// What validators agreed on, and what this one has voted.
    private static let agreement = """
        CREATE TABLE blocks (
            height INTEGER NOT NULL PRIMARY KEY,
            digest BLOB NOT NULL UNIQUE,
            view INTEGER NOT NULL,
            header_index INTEGER NOT NULL,
            first INTEGER NOT NULL,
            count INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE proposals (
            view INTEGER NOT NULL PRIMARY KEY,
            id BLOB NOT NULL UNIQUE,
            height INTEGER,
            entry BLOB NOT NULL
        ) STRICT;

        CREATE TABLE consensus (
            key BLOB NOT NULL PRIMARY KEY,
            value BLOB NOT NULL,
            checksum BLOB NOT NULL
        ) STRICT;

        CREATE TABLE evidence (
            digest BLOB NOT NULL PRIMARY KEY,
            code TEXT NOT NULL,
            epoch INTEGER NOT NULL,
            view INTEGER NOT NULL,
            member INTEGER NOT NULL,
            bytes BLOB NOT NULL
        ) STRICT;
        """

    /// Views begin anew in every epoch, and the end of each is handed to those who know only it.
    private static let epochs = """
        ALTER TABLE proposals RENAME TO proposals_of_one_epoch;
        CREATE TABLE proposals (
            epoch INTEGER NOT NULL,
            view INTEGER NOT NULL,
            id BLOB NOT NULL UNIQUE,
            height INTEGER,
            entry BLOB NOT NULL,
            PRIMARY KEY (epoch, view)
        ) STRICT;
        INSERT INTO proposals SELECT 1, view, id, height, entry FROM proposals_of_one_epoch;
        DROP TABLE proposals_of_one_epoch;

        CREATE TABLE seals (
            epoch INTEGER NOT NULL PRIMARY KEY,
            size INTEGER NOT NULL,
            note TEXT NOT NULL,
            validators BLOB NOT NULL
        ) STRICT;
        """

    /// A ledger whose state came from others: where it begins, how much of the log below has been
    /// fetched since, and the parts of a state that is still on its way.
    private static let snapshots = """
        CREATE TABLE base (
            one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
            size INTEGER NOT NULL,
            root BLOB NOT NULL,
            epoch INTEGER NOT NULL,
            view INTEGER NOT NULL,
            edge BLOB NOT NULL,
            filled INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE incoming (
            place BLOB NOT NULL PRIMARY KEY,
            bytes BLOB NOT NULL
        ) STRICT;
        """

    /// What follows from the log: kept so that a start needs no replay.
    private static let state = """
        CREATE TABLE map (
            key BLOB NOT NULL PRIMARY KEY,
            value BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE claims (
            issuer TEXT NOT NULL,
            claim TEXT NOT NULL,
            leaf_index INTEGER NOT NULL,
            destination TEXT NOT NULL,
            authority TEXT NOT NULL,
            amount_tenths INTEGER NOT NULL,
            state TEXT NOT NULL,
            block_time INTEGER NOT NULL,
            PRIMARY KEY (issuer, claim)
        ) STRICT;
        CREATE UNIQUE INDEX claims_by_index ON claims (leaf_index);
        CREATE INDEX claims_by_destination ON claims (destination, leaf_index);
        CREATE INDEX claims_by_issuer ON claims (issuer, leaf_index);
        """

    /// Claims that stand alike, or use one authority, are read in the order of the log without a walk through all.
    private static let claimLists = """
        CREATE INDEX claims_by_state ON claims (state, leaf_index);
        CREATE INDEX claims_by_authority ON claims (authority, leaf_index);
        """

    /// What this node has signed or passes on.
    private static let promises = """
        CREATE TABLE checkpoints (
            size INTEGER NOT NULL PRIMARY KEY,
            note TEXT NOT NULL
        ) STRICT;

        CREATE TABLE signed_sizes (
            signer TEXT NOT NULL PRIMARY KEY,
            size INTEGER NOT NULL,
            root BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
