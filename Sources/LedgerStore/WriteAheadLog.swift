/// The write-ahead log next to a database file.
struct WriteAheadLog {
    let databaseFile: String
    func check() throws(StoreError) {}
}
