using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Worker.Storage.Sqlite;

namespace Worker.Tests.Storage;

/// <summary>The write-ahead log is copied by size, holds nobody up for long, and does not grow for ever.</summary>
public sealed class SqliteCheckpointTests : IAsyncDisposable
{
    private const int Pages = 64;

    private readonly SqliteTestStore _file = new();
    private readonly List<SqliteSession> _sessions = [];
    private readonly SqliteSession _writer;
    private SqliteCheckpoints _checkpoints;

    public SqliteCheckpointTests()
    {
        _writer = Open(SqliteOpenMode.ReadWriteCreate);
        _writer.Execute(
            $"""
            PRAGMA journal_mode = WAL;
            PRAGMA wal_autocheckpoint = 0;
            PRAGMA journal_size_limit = {2 * Pages * 4096};
            CREATE TABLE pages (id INTEGER PRIMARY KEY, text TEXT);
            """);
        _checkpoints = Checkpoints();
    }

    private long LogPages => new FileInfo(_file.File + "-wal").Length / 4096;

    public async ValueTask DisposeAsync()
    {
        await _checkpoints.DisposeAsync();
        foreach (var session in _sessions)
            session.Dispose();
        _file.Dispose();
    }

    [Fact]
    public void SQLite_is_one_that_loses_no_commit_when_its_log_is_begun_anew()
    {
        using var row = _writer.Prepare("SELECT sqlite_version()");
        row.Next();

        Version.Parse(row.Text(0)).ShouldBeGreaterThanOrEqualTo(new Version(3, 51, 3));
    }

    [Fact]
    public async Task A_log_that_nobody_reads_is_begun_anew_again_and_again()
    {
        await WritePagesAsync(40 * Pages);

        LogPages.ShouldBeLessThan(2 * Pages);
        new FileInfo(_file.File).Length.ShouldBeGreaterThan(38 * Pages * 4096);
    }

    [Fact]
    public async Task A_reader_that_stays_makes_the_writer_wait_ever_more_seldom_and_the_log_is_emptied_after_it()
    {
        var reader = Open(SqliteOpenMode.ReadOnly);
        Read(reader);
        var waits = new Waits();
        _checkpoints = Checkpoints(waits);
        await WritePagesAsync(40 * Pages);
        LogPages.ShouldBeGreaterThanOrEqualTo(40 * Pages, "what a reader may ask for is kept");
        waits.Count.ShouldBeInRange(2, 7);

        reader.Commit();
        await WritePagesAsync(60 * Pages);

        LogPages.ShouldBeLessThan(3 * Pages);
    }

    [Fact]
    public async Task Readers_of_which_one_always_follows_upon_another_do_not_let_the_log_grow_for_ever()
    {
        _writer.Execute("PRAGMA busy_timeout = 10000");
        using var stopping = new CancellationTokenSource();
        var reading = Task.Run(() => ReadWithoutAPause(stopping.Token), CancellationToken.None);
        await WritePagesAsync(40 * Pages);
        await stopping.CancelAsync();
        await reading;

        LogPages.ShouldBeLessThan(10 * Pages);
    }

    [Fact]
    public async Task What_a_killed_process_left_in_the_log_is_copied_soon()
    {
        await WritePagesAsync(10 * Pages, copied: false);
        LogPages.ShouldBeGreaterThan(10 * Pages - 1);

        _checkpoints = Checkpoints();
        await WritePagesAsync(Pages);

        LogPages.ShouldBeLessThan(2 * Pages);
    }

    private SqliteSession Open(SqliteOpenMode mode)
    {
        var session = new SqliteSession(_file.File, mode, mode == SqliteOpenMode.ReadOnly ? TimeSpan.FromSeconds(10) : TimeSpan.FromMilliseconds(50));
        _sessions.Add(session);
        return session;
    }

    private SqliteCheckpoints Checkpoints(ILogger? logger = null) => new(
        _writer, _file.File, logger ?? NullLogger.Instance, Pages * 4096);

    private async Task WritePagesAsync(int count, bool copied = true)
    {
        for (var number = 0; number < count; number += 8)
        {
            _writer.BeginWrite();
            for (var page = 0; page < 8; page++)
                _writer.Prepare("INSERT INTO pages (text) VALUES (?)").Bind(new string('x', 3_500)).Run();
            _writer.Commit();
            if (copied)
                await _checkpoints.RunWhenLargeAsync();
        }
    }

    private static void Read(SqliteSession session)
    {
        session.Begin();
        session.Prepare("SELECT count(*) FROM pages WHERE id < 10").All(row => row.Int(0));
    }

    private void ReadWithoutAPause(CancellationToken stopping)
    {
        var (one, two) = (Open(SqliteOpenMode.ReadOnly), Open(SqliteOpenMode.ReadOnly));
        Read(one);
        while (!stopping.IsCancellationRequested)
        {
            Read(two);
            one.Commit();
            Read(one);
            two.Commit();
        }

        one.Commit();
    }

    /// <summary>Counts how often it is said that the log could not be emptied.</summary>
    private sealed class Waits : ILogger
    {
        public int Count { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Count++;
    }
}
