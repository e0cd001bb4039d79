#pragma once
// SQLite's C API as objects that clean up after themselves. Internal to the storage; one thread at a time.
#include "tgkit/storage/store.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace tgkit::storage::sqlite {

// A StorageError that still knows SQLite's (extended) code. what() names the file and says what to do.
class Error : public StorageError {
 public:
  Error(int code, const std::string& text) : StorageError(text), code_(code) {}
  int code() const noexcept { return code_; }
  bool damaged() const noexcept;  // the file is no database or is broken inside

 private:
  int code_;
};

class Statement;

class Connection {
 public:
  // Opens for reading and writing, creating the file. Closing it never checkpoints.
  explicit Connection(const std::filesystem::path& path);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void run(const char* sql);  // one or more statements without results
  Statement prepare(std::string_view sql);
  std::int64_t number(std::string_view sql);  // the first column of the first row; 0 when there is none
  std::string text(std::string_view sql);
  [[noreturn]] void fail(int code) const;

  sqlite3* handle() const noexcept { return handle_; }
  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
  sqlite3* handle_ = nullptr;
};

// Must not outlive its connection. Bound texts and blobs are not copied: they must live until reset().
class Statement {
 public:
  Statement(Connection& connection, std::string_view sql);
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;

  Statement& bind(int index, std::int64_t value);
  Statement& bind_text(int index, std::string_view value);
  Statement& bind_blob(int index, std::string_view value);
  bool step();  // true: a row can be read
  void run();   // steps to the end and resets
  void reset() noexcept;

  std::int64_t number(int column) const;
  std::string_view bytes(int column) const;  // valid until the next step or reset

 private:
  Connection* connection_;
  sqlite3_stmt* handle_ = nullptr;
};

// Rolls back unless committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

}  // namespace tgkit::storage::sqlite
