namespace Worker.Storage.MongoDb;

/// <summary>What the driver is told where the connection string says nothing: nothing waits for ever, and an outage is noticed while it can still be told.</summary>
internal static class MongocOptions
{
    private static readonly (string Name, int Milliseconds)[] Timeouts =
    [
        ("connecttimeoutms", 5_000),
        ("serverselectiontimeoutms", 5_000),
        ("sockettimeoutms", 30_000),
        ("waitqueuetimeoutms", 10_000),
    ];

    public static void Complete(MongocUri uri)
    {
        foreach (var (name, milliseconds) in Timeouts)
        {
            if (!LibMongoc.mongoc_uri_has_option(uri, name))
                LibMongoc.mongoc_uri_set_option_as_int32(uri, name, milliseconds);
        }

        if (LibMongoc.mongoc_uri_get_appname(uri) == 0)
            LibMongoc.mongoc_uri_set_appname(uri, "worker");
    }
}
