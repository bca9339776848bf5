using System.Reflection;
using Worker.Alerts;
using Worker.Diagnostics;
using Worker.Errors;
using Worker.Evaluation;
using Worker.Evaluation.JavaScript;
using Worker.Evaluation.Python;
using Worker.Evaluation.Webhooks;
using Worker.Front;
using Worker.Ingestion;
using Worker.Masking;
using Worker.Models;
using Worker.Publishing;
using Worker.Retention;
using Worker.Storage;

namespace Worker.Hosting;

/// <summary>
/// Every key the worker reads, taken from the options classes, and the check of a whole configuration against them.
/// </summary>
internal static class Settings
{
    private static readonly (string Section, object Defaults)[] Sections =
    [
        (WorkerOptions.SectionName, new WorkerOptions()),
        (ConnectionStringOptions.SectionName, new ConnectionStringOptions()),
        (StorageOptions.SectionName, new StorageOptions()),
        (IngestionOptions.SectionName, new IngestionOptions()),
        (TraceOptions.SectionName, new TraceOptions()),
        (ConversationOptions.SectionName, new ConversationOptions()),
        (EvaluationOptions.SectionName, new EvaluationOptions()),
        (BudgetOptions.SectionName, new BudgetOptions()),
        (WebhookOptions.SectionName, new WebhookOptions()),
        (PythonOptions.SectionName, new PythonOptions()),
        (AlertOptions.SectionName, new AlertOptions()),
        (JavaScriptOptions.SectionName, new JavaScriptOptions()),
        (MaskingOptions.SectionName, new MaskingOptions()),
        (PrivacyOptions.SectionName, new PrivacyOptions()),
        (FrontOptions.SectionName, new FrontOptions()),
        (SpillOptions.SectionName, new SpillOptions()),
        (WatchdogOptions.SectionName, new WatchdogOptions()),
        (RetentionOptions.SectionName, new RetentionOptions()),
    ];

    public static readonly IReadOnlyList<Setting> All = [.. Sections.SelectMany(
        section => SettingsOf(section.Section, section.Defaults))];

    /// <summary>Throws <see cref="ConfigurationException"/> with every fault at once.</summary>
    public static void Check(IConfiguration configuration)
    {
        var faults = All.Select(setting => configuration[setting.Key] is { } value ? setting.Fault(value) : null)
            .OfType<string>()
            .Concat(UnknownKeys(configuration))
            .Concat(ModelSettings.Read(configuration).Faults)
            .Concat(MaskingSettings.Read(configuration).Faults)
            .Concat(RetentionRules.Read(configuration).Faults)
            .Concat(UnknownLevels(configuration.GetSection("Logging")))
            .ToList();
        if (faults.Count == 0)
            faults.AddRange(Contradictions(configuration));
        if (faults.Count > 0)
            throw new ConfigurationException(faults);
    }

    private static IEnumerable<Setting> SettingsOf(string section, object defaults) =>
        defaults.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .Select(property => new Setting(
                section.Length == 0 ? property.Name : $"{section}:{property.Name}",
                property,
                property.GetValue(defaults)));

    private static IEnumerable<string> UnknownKeys(IConfiguration configuration) =>
        from section in Sections
        where section.Section.Length > 0
        from child in configuration.GetSection(section.Section).GetChildren()
        where !IsKnown(child.Path)
        select $"{child.Path} is not a key of the worker; {section.Section} accepts {Names(section.Defaults)}.";

    /// <summary>
    /// Checked here, because the logger reads its levels with its first line, which is too late for a sentence.
    /// </summary>
    private static IEnumerable<string> UnknownLevels(IConfigurationSection logging) =>
        from section in logging.GetChildren().Prepend(logging)
        from level in section.GetSection("LogLevel").GetChildren()
        where !string.IsNullOrEmpty(level.Value) && !Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out _)
        select $"{level.Path} is \"{level.Value}\"; it accepts {string.Join(", ", Enum.GetNames<LogLevel>())}.";

    private static bool IsKnown(string path) =>
        All.Any(setting => setting.Key.Equals(path, StringComparison.OrdinalIgnoreCase)) ||
        Sections.Any(section => section.Section.Equals(path, StringComparison.OrdinalIgnoreCase)) ||
        path.Equals(WebhookOptions.SecretsSection, StringComparison.OrdinalIgnoreCase) ||
        ModelSettings.SectionName.Equals(path, StringComparison.OrdinalIgnoreCase) ||
        MaskingSettings.Checks(path) ||
        RetentionRules.SectionName.Equals(path, StringComparison.OrdinalIgnoreCase) ||
        SecretFiles.Keys.Contains(path, StringComparer.OrdinalIgnoreCase);

    private static string Names(object defaults) =>
        string.Join(", ", SettingsOf("", defaults).Select(setting => setting.Key));

    private static IEnumerable<string> Contradictions(IConfiguration configuration)
    {
        var ingestion = Section<IngestionOptions>(configuration, IngestionOptions.SectionName);
        if (ingestion.ChunkSize > ingestion.Prefetch)
            yield return $"Ingestion:ChunkSize is {ingestion.ChunkSize}; " +
                $"it accepts at most Ingestion:Prefetch, which is {ingestion.Prefetch}.";

        var spill = Section<SpillOptions>(configuration, SpillOptions.SectionName);
        if (spill.MaxBytes > 0 && spill.MaxBytes < ingestion.MaxMessageBytes)
            yield return $"Spill:MaxBytes is {spill.MaxBytes}; " +
                $"it accepts 0, or at least Ingestion:MaxMessageBytes, which is {ingestion.MaxMessageBytes}.";

        var front = Section<FrontOptions>(configuration, FrontOptions.SectionName);
        if (FrontAddress.Fault(front.Address) is { } fault)
            yield return fault;
        if (front.HealthAddress.Length > 0 && FrontAddress.Fault(front.HealthAddress, HealthDoor.Key) is { } noDoor)
            yield return noDoor;
        if (Section<WebhookOptions>(configuration, WebhookOptions.SectionName).Fault() is { } networks)
            yield return networks;
        var conversations = Section<ConversationOptions>(configuration, ConversationOptions.SectionName);
        if (Conversations.FaultIn(conversations.By) is { } noField)
            yield return $"Conversations:By: {noField}.";

        if (Section<RetentionOptions>(configuration, RetentionOptions.SectionName).MaxBytes is not null
            && !string.IsNullOrEmpty(configuration.GetConnectionString("MongoDb")))
            yield return "Retention:MaxBytes is for the SQLite file; leave it out with ConnectionStrings:MongoDb.";

        if ((configuration.Get<WorkerOptions>() ?? new WorkerOptions()).Mode != WorkerMode.Server)
            yield break;
        var servers = Section<ConnectionStringOptions>(configuration, ConnectionStringOptions.SectionName);
        if (string.IsNullOrEmpty(servers.RabbitMq))
            yield return "Mode is server, which needs ConnectionStrings:RabbitMq, e.g. amqp://user:password@host:5672.";
        if (string.IsNullOrEmpty(servers.MongoDb))
            yield return "Mode is server, which needs ConnectionStrings:MongoDb, e.g. mongodb://host:27017/worker.";
    }

    private static T Section<T>(IConfiguration configuration, string name)
        where T : new() =>
        configuration.GetSection(name).Get<T>() ?? new T();
}
