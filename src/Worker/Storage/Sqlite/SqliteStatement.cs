using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Worker.Traces;

namespace Worker.Storage.Sqlite;

/// <summary>
/// A prepared statement that is used again and again. It stands directly on SQLite's own interface, because documents
/// must go in and out as UTF-8 bytes (no detour over UTF-16), ids may hold NUL, and a chunk runs thousands of
/// statements. Values are bound in order. <see cref="Dispose"/> ends one use of it; its session closes it.
/// </summary>
internal sealed class SqliteStatement(sqlite3 database, sqlite3_stmt statement) : IDisposable
{
    private int _bound;

    public SqliteStatement Bind(string? text)
    {
        if (text is null)
            return Check(raw.sqlite3_bind_null(statement, ++_bound));

        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = size <= 1024 ? null : ArrayPool<byte>.Shared.Rent(size);
        var utf8 = rented ?? stackalloc byte[1024];
        BindUtf8(utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return this;
    }

    public SqliteStatement Bind(long? number) =>
        Check(number is { } value
            ? raw.sqlite3_bind_int64(statement, ++_bound, value)
            : raw.sqlite3_bind_null(statement, ++_bound));

    public SqliteStatement Bind(bool value) => Bind(value ? 1 : 0);

    /// <summary>As TEXT.</summary>
    public SqliteStatement Bind(JsonValue? json) => json is { } value ? BindUtf8(value.Utf8.Span) : Bind((string?)null);

    /// <summary>In microseconds since the Unix epoch.</summary>
    public SqliteStatement Bind(DateTimeOffset? instant) =>
        Bind(instant is { } value ? Timestamps.ToMicroseconds(value) : (long?)null);

    /// <summary>As TEXT.</summary>
    public SqliteStatement BindUtf8(ReadOnlySpan<byte> text) => Check(raw.sqlite3_bind_text(statement, ++_bound, text));

    /// <summary>As BLOB.</summary>
    public SqliteStatement BindBytes(ReadOnlyMemory<byte>? bytes) =>
        Check(bytes is { } value
            ? raw.sqlite3_bind_blob(statement, ++_bound, value.Span)
            : raw.sqlite3_bind_null(statement, ++_bound));

    /// <summary>Moves to the next row; false after the last.</summary>
    public bool Next()
    {
        var code = raw.sqlite3_step(statement);
        if (code is raw.SQLITE_ROW)
            return true;
        if (code is not raw.SQLITE_DONE)
            Fail(code);
        return false;
    }

    /// <summary>Runs a statement that gives no rows, and makes it ready for the next values.</summary>
    /// <returns>The rows that it changed.</returns>
    public int Run()
    {
        Next();
        var changes = raw.sqlite3_changes(database);
        Dispose();
        return changes;
    }

    /// <summary>Every row, and the end of this use.</summary>
    public List<T> All<T>(Func<SqliteStatement, T> map)
    {
        using var rows = this;
        var all = new List<T>();
        while (rows.Next())
            all.Add(map(rows));
        return all;
    }

    /// <summary>Whether there is a row, and the end of this use.</summary>
    public bool Any()
    {
        using var rows = this;
        return rows.Next();
    }

    public string Text(int column) => Encoding.UTF8.GetString(Span(column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public long Long(int column) => raw.sqlite3_column_int64(statement, column);

    public int Int(int column) => (int)Long(column);

    public bool Bool(int column) => Long(column) != 0;

    /// <summary>SQLite's own memory, until the next step.</summary>
    public ReadOnlySpan<byte> Span(int column) => raw.sqlite3_column_blob(statement, column);

    public byte[] Bytes(int column) => Span(column).ToArray();

    public ReadOnlyMemory<byte>? BytesOrNull(int column) => IsNull(column)
        ? null
        : (ReadOnlyMemory<byte>?)Bytes(column);

    public JsonValue? JsonOrNull(int column) => IsNull(column) ? null : new JsonValue(Bytes(column));

    public DateTimeOffset Instant(int column) => Timestamps.ToInstant(Long(column));

    public DateTimeOffset? InstantOrNull(int column) => IsNull(column) ? null : Instant(column);

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    /// <summary>Ends this use: lets go of the rows. An error of the last step was thrown by it already.</summary>
    public void Dispose()
    {
        _ = raw.sqlite3_reset(statement);
        _bound = 0;
    }

    private SqliteStatement Check(int code)
    {
        if (code is not raw.SQLITE_OK)
            Fail(code);
        return this;
    }

    private void Fail(int code)
    {
        try
        {
            SqliteException.ThrowExceptionForRC(code, database);
        }
        finally
        {
            Dispose();
        }
    }
}
