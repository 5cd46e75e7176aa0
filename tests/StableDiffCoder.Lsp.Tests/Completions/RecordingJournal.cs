using StableDiffCoder.Lsp.Completions;

namespace StableDiffCoder.Lsp.Tests.Completions;

/// <summary>Writes down what it is told.</summary>
internal sealed class RecordingJournal : ICompletionJournal
{
    public List<string> Entries { get; } = [];

    public void Offered(CompletionOffer offer) => Entries.Add($"offered {offer.Id}{(offer.Invoked ? " invoked" : "")}");

    public void Accepted(long id, Acceptance how) => Entries.Add($"accepted {id} {how}");

    public void Abandoned(long id) => Entries.Add($"abandoned {id}");

    public void Silenced(CompletionSilence silence) => Entries.Add($"silenced {silence.Why.Rule}");
}
