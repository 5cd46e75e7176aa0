using StableDiffCoder.Cli;

return await CommandLine.RunAsync(args, CommandConsole.ForProcess());
