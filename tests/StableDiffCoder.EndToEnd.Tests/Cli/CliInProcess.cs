using System.Text;
using StableDiffCoder.Cli;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

/// <summary>The command line in this process, for what needs no process of its own: a start takes a second.</summary>
internal static class CliInProcess
{
    public static async Task<CliResult> RunAsync(string input, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var console = new CommandConsole
        {
            Output = output,
            Error = error,
            OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(input)),
            IsTerminal = false,
            IsErrorTerminal = false,
        };
        int exitCode = await CommandLine.RunAsync(arguments, console);
        return new CliResult(exitCode, output.ToString(), error.ToString());
    }
}
