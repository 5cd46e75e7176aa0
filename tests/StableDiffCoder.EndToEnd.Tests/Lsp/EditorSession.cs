using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>A folder of its own in which a real editor runs a script on <see cref="Sample"/> and leaves a report.</summary>
public sealed class EditorSession : IDisposable
{
    /// <summary>The C# file that the script finds under the variable SAMPLE.</summary>
    public const string Sample = """
        using System;

        class Stack
        {
            private readonly int[] items = new int[16];
            private int count;

            public void Push(int item)
            {
                items[count] = item;
                count++;
            }

            public int Pop()
            {
                count--;
                return items[count];
            }
        }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("stable-diffcoder-editor");

    /// <summary>Where the script may have further files.</summary>
    public string Folder => folder.FullName;

    /// <summary>What the editor wrote on stdout and stderr.</summary>
    public string Messages { get; private set; } = "";

    /// <summary>Runs the editor to its end, which must be a good one, and reads its report.</summary>
    /// <param name="start">The editor; SAMPLE, REPORT and COMMAND (the server's, as a JSON array) are added, and its home is this folder.</param>
    /// <param name="model">The model folder of the server.</param>
    /// <param name="typed">What is typed on its stdin.</param>
    public async Task<JsonObject> RunAsync(ProcessStartInfo start, string model, string typed = "")
    {
        string sample = Path.Combine(Folder, "Stack.cs");
        string report = Path.Combine(Folder, "report.json");
        await File.WriteAllTextAsync(sample, Sample + "\n");
        start.RedirectStandardError = start.RedirectStandardOutput = start.RedirectStandardInput = true;
        start.WorkingDirectory = Folder;
        start.Environment["SAMPLE"] = sample;
        start.Environment["REPORT"] = report;
        start.Environment["COMMAND"] = JsonSerializer.Serialize(ServerProcess.Command(model));
        start.Environment["STABLE_DIFFCODER_STATE"] = "";
        // Editors write their state and logs there.
        foreach (string variable in new[] { "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME" })
        {
            start.Environment[variable] = Folder;
        }
        using Process editor = Process.Start(start)!;
        Task<string> errors = editor.StandardError.ReadToEndAsync();
        Task<string> output = editor.StandardOutput.ReadToEndAsync();
        await editor.StandardInput.WriteAsync(typed);
        await editor.StandardInput.FlushAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await editor.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            editor.Kill(entireProcessTree: true);
            await editor.WaitForExitAsync(CancellationToken.None);
        }
        Messages = $"{await output}\n{await errors}";
        Assert.True(editor.ExitCode == 0, Messages);
        return (JsonObject)JsonNode.Parse(await File.ReadAllTextAsync(report))!;
    }

    public void Dispose() => folder.Delete(recursive: true);
}
