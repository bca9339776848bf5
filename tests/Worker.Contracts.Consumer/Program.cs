using System.Text.Json;
using Worker.Contracts.Consumer;

// One line a message: its AMQP type, then its JSON.
foreach (var (type, message) in EveryMessage.All)
    Console.WriteLine($"{type} {JsonSerializer.Serialize(message)}");
