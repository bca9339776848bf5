namespace Worker.Hosting;

/// <summary>
/// The servers. Section <c>ConnectionStrings</c>. Either may be given as a file that holds it: <c>RabbitMq_FILE</c>,
/// <c>MongoDb_FILE</c>.
/// </summary>
internal sealed class ConnectionStringOptions
{
    public const string SectionName = "ConnectionStrings";

    /// <summary>
    /// The broker, e.g. <c>amqp://user:password@host:5672/vhost</c>. Without it, messages come from the inbox.
    /// </summary>
    public string? RabbitMq { get; set; }

    /// <summary>
    /// The store, e.g. <c>mongodb://host:27017/worker</c>. Without it, embedded mode keeps its own file.
    /// </summary>
    public string? MongoDb { get; set; }
}
