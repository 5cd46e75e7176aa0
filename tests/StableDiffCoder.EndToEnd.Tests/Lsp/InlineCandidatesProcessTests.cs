using System.Text.Json.Nodes;
using StableDiffCoder.Lsp.Tests.Wire;
using Xunit.Abstractions;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>Suggestions of the real model in real files, as an editor gets them.</summary>
public sealed class InlineCandidatesProcessTests(TestModel model, ITestOutputHelper output) : IClassFixture<TestModel>
{
    private const int Places = 50;
    private const int Invoked = 1;
    private const int Automatic = 2;

    [Fact]
    public async Task Invoked_FiftyPlaces_HasAChoiceOnHalfOfThem()
    {
        await using ServerProcess server = ServerProcess.Start(model.Folder);
        await LoadAsync(server.Client);
        // Two are a choice; a third would only take longer.
        await server.Client.NotifyAsync(
            "workspace/didChangeConfiguration",
            """{"settings":{"stableDiffCoder":{"inlineCompletion":{"candidates":2} } } }"""
        );
        int several = 0;
        int one = 0;
        foreach ((HeldOutPlace place, int index) in HeldOutPlace.Read().Take(Places).Select((place, index) => (place, index)))
        {
            string uri = $"file:///{index}.cs";
            await server.Client.OpenAsync(uri, place.Before + place.Behind);
            JsonNode[] items = await CompleteAsync(server.Client, uri, place, Invoked);
            Array.ForEach(items, item => AssertCanBeShown(place, item));
            int distinct = items.Select(item => WithoutWhitespace((string)item["insertText"]!)).Distinct().Count();
            Assert.Equal(items.Length, distinct);
            several += distinct > 1 ? 1 : 0;
            one += distinct == 1 ? 1 : 0;
            await server.Client.NotifyAsync("textDocument/didClose", $$"""{"textDocument":{"uri":"{{uri}}"} }""");
        }
        output.WriteLine($"{several} places with a choice, {one} with one suggestion, of {Places}");
        Assert.True(several >= Places / 2, $"only {several} of {Places} places had at least two distinct suggestions");
    }

    [Fact]
    public async Task Suggestion_TypedThroughAndAccepted_GoesOn()
    {
        await using ServerProcess server = ServerProcess.Start(model.Folder);
        await LoadAsync(server.Client);
        int typedThrough = 0;
        foreach ((HeldOutPlace place, int index) in HeldOutPlace.Read().Take(6).Select((place, index) => (place, index)))
        {
            string uri = $"file:///{index}.cs";
            await server.Client.OpenAsync(uri, place.Before + place.Behind);
            JsonNode? item = (await CompleteAsync(server.Client, uri, place, Invoked)).FirstOrDefault();
            if (item is null || !char.IsAscii(((string)item["insertText"]!)[0]) || ((string)item["insertText"]!).Length < 2)
            {
                continue;
            }
            string text = (string)item["insertText"]!;
            int taken = (int)item["range"]!["end"]!["character"]! - place.Character;
            HeldOutPlace typed = place with { Before = place.Before + text[..1] };
            await server.Client.ReplaceAsync(uri, typed.Before + typed.Behind, 2);
            JsonNode rest = Assert.Single(await CompleteAsync(server.Client, uri, typed, Automatic));
            Assert.Equal(text[1..], (string?)rest["insertText"]);
            AssertCanBeShown(typed, rest);
            typedThrough++;
            var accepted = new HeldOutPlace(place.Before + text, place.Behind[taken..], "");
            await server.Client.ReplaceAsync(uri, accepted.Before + accepted.Behind, 3);
            JsonObject ran = await server.Client.RequestAsync("workspace/executeCommand", rest["command"]!.ToJsonString());
            Assert.False(ran.ContainsKey("error"), ran.ToJsonString());
            Array.ForEach(await CompleteAsync(server.Client, uri, accepted, Automatic), next => AssertCanBeShown(accepted, next));
        }
        Assert.True(typedThrough > 0, "no place had a suggestion");
    }

    [Fact]
    public async Task Newest_OfSeveralRequestsAtOnce_IsAnsweredAndTheOthersAreNull()
    {
        await using ServerProcess server = ServerProcess.Start(model.Folder);
        await LoadAsync(server.Client);
        // What the document has said once, any model with a document prior says again.
        const string Line = "        int total = first + second;\n";
        var place = new HeldOutPlace(
            $"class C\n{{\n    int A(int first, int second)\n    {{\n{Line}        return total;\n    }}\n\n"
                + "    int B(int first, int second)\n    {\n        int total = ",
            "\n        return total;\n    }\n}\n",
            "first + second;"
        );
        await server.Client.OpenAsync("file:///0.cs", place.Before + place.Behind);
        Task<JsonObject>[] answers = [.. Enumerable.Range(0, 4).Select(id => server.Client.AnswerTo($"\"many{id}\""))];
        byte[] together =
        [
            .. Enumerable
                .Range(0, answers.Length)
                .SelectMany(id =>
                    LspTestClient.Frame(
                        $$"""
                        {"jsonrpc":"2.0","id":"many{{id}}","method":"textDocument/inlineCompletion","params":{{Parameters(
                            "file:///0.cs",
                            place,
                            Invoked
                        )}} }
                        """
                    )
                ),
        ];
        await server.Client.SendBytesAsync(together);
        foreach (Task<JsonObject> older in answers.SkipLast(1))
        {
            JsonObject answer = await older;
            Assert.True(answer.ContainsKey("result") && answer["result"] is null, answer.ToJsonString());
        }
        Assert.NotNull((await answers[^1])["result"]);
    }

    private static async Task LoadAsync(LspTestClient client)
    {
        await client.InitializeAsync("""{"window":{"workDoneProgress":true}}""");
        while ((string?)(await client.NextAsync("$/progress"))["params"]!["value"]!["kind"] != "end") { }
    }

    private static async Task<JsonNode[]> CompleteAsync(LspTestClient client, string uri, HeldOutPlace place, int trigger)
    {
        JsonObject answer = await client.RequestAsync("textDocument/inlineCompletion", Parameters(uri, place, trigger));
        Assert.False(answer.ContainsKey("error"), answer.ToJsonString());
        return [.. (answer["result"]?["items"]?.AsArray() ?? []).Select(item => item!)];
    }

    private static string Parameters(string uri, HeldOutPlace place, int trigger) =>
        $$"""
            {"textDocument":{"uri":"{{uri}}"},"position":{"line":{{place.Line}},"character":{{place.Character}} },"context":{"triggerKind":{{trigger}} } }
            """;

    // What an editor asks of an item before it shows it as ghost text.
    private static void AssertCanBeShown(HeldOutPlace place, JsonNode item)
    {
        (JsonNode start, JsonNode end) = (item["range"]!["start"]!, item["range"]!["end"]!);
        Assert.Equal([place.Line, place.Line], [(int)start["line"]!, (int)end["line"]!]);
        Assert.Equal(place.Character, (int)start["character"]!);
        Assert.InRange((int)end["character"]!, place.Character, place.Character + place.Behind.Split('\n')[0].Length);
        string text = (string)item["insertText"]!;
        Assert.False(string.IsNullOrWhiteSpace(text));
        string replaced = place.Behind[..((int)end["character"]! - place.Character)];
        int found = 0;
        foreach (char symbol in text.Split('\n')[0])
        {
            found += found < replaced.Length && symbol == replaced[found] ? 1 : 0;
        }
        Assert.Equal(replaced.Length, found);
    }

    private static string WithoutWhitespace(string text) => string.Concat(text.Where(symbol => !char.IsWhiteSpace(symbol)));
}
