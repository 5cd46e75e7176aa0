using System.Runtime.CompilerServices;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Context;

/// <summary>
/// What of the rest of the work the model is shown at a cursor. A choice is held still while the cursor stays near and the code around it names
/// nothing new, so that prompts keep their beginning.
/// </summary>
internal sealed class ContextSource(
    SymbolIndex index,
    RecentRegions regions,
    DocumentStore documents,
    Exclusions exclusions,
    Func<ContextOptions> options
)
{
    private const int NearLines = 12;
    private const int CharactersPerToken = 5; // what is too long the engine cuts by tokens
    private const double LeastSimilarity = 0.08;
    private const double OfEdited = 0.1;
    private const double OfVisited = 0.05;

    private readonly ConditionalWeakTable<DocumentSnapshot, IReadOnlyList<CodeWindow>> windows = [];
    private readonly Lock gate = new();
    private Choice? held;

    /// <summary>Pieces of other files, the best first. An excluded document gives none and gets none.</summary>
    public IReadOnlyList<ContextSnippet> Snippets(DocumentSnapshot snapshot, int cursor)
    {
        ContextOptions now = options();
        if (!now.Enabled || exclusions.Refuse(snapshot.Uri) is not null)
        {
            return [];
        }
        bool isCSharp = LanguageSyntax.Of(snapshot.LanguageId).Name == "C#";
        IReadOnlyList<CursorName> names = isCSharp ? CursorNames.Of(snapshot, cursor) : [];
        string[] known = [.. names.Select(name => name.Name).Where(index.Knows)];
        int line = snapshot.Lines.LineOf(cursor);
        lock (gate)
        {
            if (
                held is Choice choice
                && choice.Uri == snapshot.Uri
                && Math.Abs(choice.Line - line) <= NearLines
                && ReferenceEquals(choice.Options, now)
                && known.All(name => choice.Known.Contains(name) || BringsNothing(name, choice))
                && choice.Snippets.All(snippet => exclusions.RefuseFile(snippet.File) is null)
            )
            {
                return choice.Shown;
            }
        }
        IReadOnlyList<SnippetCandidate> chosen = Choose(snapshot, cursor, names, now.Tokens * CharactersPerToken);
        string comment = LanguageSyntax.Of(snapshot.LanguageId).LineComments is [string sign, ..] ? sign : "//";
        ContextSnippet[] shown =
        [
            .. chosen.Select(candidate => new ContextSnippet
            {
                Path = DocumentPath.Shown(candidate.File, exclusions.Folders),
                Text = candidate.Text,
                LineComment = comment,
            }),
        ];
        lock (gate)
        {
            held = new Choice(snapshot.Uri, line, now, [.. known], chosen, shown);
        }
        return shown;
    }

    // A member of a type that is shown, or of so many that none would be.
    private bool BringsNothing(string name, Choice choice)
    {
        IReadOnlyList<DeclaredType> owners = index.Owners(name);
        return index.Types(name).Count == 0
            && (owners.Count > Signatures.MostOwners || owners.All(owner => choice.Snippets.Any(shown => shown.File == owner.Path)));
    }

    /// <summary>Lets go of the choice that is held, if what changed is not its own document.</summary>
    /// <param name="uri">The document that changed.</param>
    public void Changed(string uri)
    {
        lock (gate)
        {
            held = held?.Uri == uri ? held : null;
        }
    }

    /// <summary>Lets go of the choice that is held, if other files than its own were read.</summary>
    /// <param name="paths">The files; null for all.</param>
    public void Refreshed(IReadOnlyCollection<string>? paths)
    {
        lock (gate)
        {
            string? own = held is null ? null : DocumentPath.Of(held.Uri);
            held = paths?.All(path => DocumentPath.Comparer.Equals(path, own)) == true ? held : null;
        }
    }

    private IReadOnlyList<SnippetCandidate> Choose(DocumentSnapshot snapshot, int cursor, IReadOnlyList<CursorName> names, int length)
    {
        TextSpan span = CodeWindows.Around(snapshot, cursor);
        string around = snapshot.Text.Substring(span.Start, span.Length);
        HashSet<string> words = Identifiers.Of(around);
        string language = LanguageSyntax.Of(snapshot.LanguageId).Name;
        IEnumerable<SnippetCandidate> candidates =
        [
            .. Signatures.Of(index, names, DocumentPath.Of(snapshot.Uri)).Where(candidate => exclusions.RefuseFile(candidate.File) is null),
            .. OpenDocuments(snapshot, language, words),
            .. Regions(snapshot, language, words),
        ];
        return SnippetRanking.Choose(candidates, around, length);
    }

    // The most similar window of each open document.
    private IEnumerable<SnippetCandidate> OpenDocuments(DocumentSnapshot snapshot, string language, HashSet<string> words) =>
        from uri in documents.Uris
        where uri != snapshot.Uri && exclusions.Refuse(uri) is null
        let other = documents.Find(uri)
        where other is not null && LanguageSyntax.Of(other.LanguageId).Name == language
        let best = windows
            .GetValue(other, CodeWindows.Of)
            .Select(window => (window.Text, Similarity: Identifiers.Similarity(words, window.Words)))
            .DefaultIfEmpty()
            .MaxBy(window => window.Similarity)
        where best.Similarity >= LeastSimilarity
        select new SnippetCandidate(FileOf(uri), best.Text, best.Similarity);

    private IEnumerable<SnippetCandidate> Regions(DocumentSnapshot snapshot, string language, HashSet<string> words) =>
        from region in regions.All
        where region.Uri != snapshot.Uri && exclusions.Refuse(region.Uri) is null
        where LanguageSyntax.Of(region.LanguageId).Name == language
        let similarity = Identifiers.Similarity(words, region.Window.Words)
        where similarity >= LeastSimilarity / 2
        select new SnippetCandidate(FileOf(region.Uri), region.Window.Text, similarity + (region.Edited ? OfEdited : OfVisited));

    private static string FileOf(string uri) => DocumentPath.Of(uri) ?? uri;

    private sealed record Choice(
        string Uri,
        int Line,
        ContextOptions Options,
        HashSet<string> Known,
        IReadOnlyList<SnippetCandidate> Snippets,
        IReadOnlyList<ContextSnippet> Shown
    );
}
