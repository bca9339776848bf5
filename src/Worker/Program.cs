using Worker.Commands;

return await Cli.RunAsync(args, Terminal.OfProcess());
