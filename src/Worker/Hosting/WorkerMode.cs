namespace Worker.Hosting;

/// <summary>Where the data lies, and how many workers may share it.</summary>
internal enum WorkerMode
{
    /// <summary>
    /// One worker, a SQLite file, a durable inbox; or RabbitMQ in the inbox's place. Nothing to install.
    /// </summary>
    Embedded,

    /// <summary>RabbitMQ and MongoDB, any number of workers.</summary>
    Server,
}
