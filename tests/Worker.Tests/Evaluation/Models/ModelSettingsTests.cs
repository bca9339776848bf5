using Microsoft.Extensions.Configuration;
using Worker.Errors;
using Worker.Hosting;

namespace Worker.Tests.Evaluation.Models;

public sealed class ModelSettingsTests
{
    [Fact]
    public void Providers_and_prices_have_names_of_the_operators_choice()
    {
        var settings = Judges.Settings(
            "https://host/v1", ("Prices:llama3:8b:Input", "0.5"), ("Prices:llama3:8b:Output", "1"));

        settings.Faults.ShouldBeEmpty();
        settings.Providers["DEFAULT"].BaseUrl.ShouldBe(new Uri("https://host/v1"));
        settings.Prices["llama3:8b"].Cost(2_000_000, 1_000_000).ShouldBe(2);
        settings.Providers["default"].ToString().ShouldBe("the provider default (https://host)");
    }

    [Theory]
    [InlineData("Colour", "red", "Evaluation:Models:Colour is not a key of the worker; it accepts Providers, Prices.")]
    [InlineData("Providers:x:BaseUrl", "host", "Evaluation:Models:Providers:x:BaseUrl is no address without a password; it accepts one such as https://host/v1.")]
    [InlineData("Providers:x:BaseUrl", "http://u:p@host", "Evaluation:Models:Providers:x:BaseUrl is no address without a password; it accepts one such as https://host/v1.")]
    [InlineData("Providers:default:Key", "k", "Evaluation:Models:Providers:default:Key is not a key of the worker; Evaluation:Models:Providers:default accepts BaseUrl, ApiKey, ApiKey_FILE.")]
    [InlineData("Providers:default:ApiKey", "sk two", "Evaluation:Models:Providers:default:ApiKey is no key; it accepts letters, digits and signs of ASCII, without spaces.")]
    [InlineData("Prices:m:Input", "free", "Evaluation:Models:Prices:m:Input is \"free\"; it accepts 0 to 1000000, US dollars per million tokens.")]
    [InlineData("Prices:m:Price", "1", "Evaluation:Models:Prices:m:Price is not a key of the worker; Evaluation:Models:Prices accepts MODEL:Input, MODEL:Output.")]
    public void A_fault_names_the_key_and_what_is_accepted(string key, string value, string sentence)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Evaluation:Models:Providers:default:BaseUrl", "http://host/v1"),
            new($"Evaluation:Models:{key}", value),
        ]).Build();

        Should.Throw<ConfigurationException>(() => Settings.Check(configuration)).Faults.ShouldBe([sentence]);
    }

    [Fact]
    public void The_end_of_a_line_is_no_part_of_a_key()
    {
        var settings = Judges.Settings("https://host/v1", ("Providers:other:BaseUrl", "http://o"), ("Providers:other:ApiKey", "sk-1\n"));

        settings.Faults.ShouldBeEmpty();
        settings.Providers["other"].ApiKey.ShouldBe("sk-1");
    }

    [Fact]
    public void A_key_may_lie_in_a_file_and_is_hidden_wherever_it_is_repeated()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, $"{Judges.Key}\n");
            var builder = new ConfigurationBuilder();
            builder.AddWorkerSources(
            [
                "--Evaluation:Models:Providers:mine:BaseUrl=http://host/v1",
                $"--Evaluation:Models:Providers:mine:ApiKey_FILE={file}",
            ]);
            var configuration = builder.Build();

            Should.NotThrow(() => Settings.Check(configuration));
            configuration["Evaluation:Models:Providers:mine:ApiKey"].ShouldBe(Judges.Key);
            Secrets.From(configuration).Hide($"It says {Judges.Key}.").ShouldBe("It says ***.");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
