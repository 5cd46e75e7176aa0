using System.Globalization;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Cli.Infilling;

/// <summary>A place in a file as editors show it: line and UTF-16 column, both from 1.</summary>
internal readonly record struct LineColumn(int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Line}:{Column}";
}

/// <summary>The value of <c>--span</c>: <c>L:C-L:C</c>, the end exclusive, or <c>L:C</c> for a cursor.</summary>
internal readonly record struct SpanArgument(LineColumn Start, LineColumn End)
{
    /// <summary>Parses a value; a description of what is wrong goes to <paramref name="fault"/>.</summary>
    public static bool TryParse(string value, out SpanArgument span, out string fault)
    {
        span = default;
        string[] ends = value.Split('-');
        if (ends.Length > 2 || !TryParsePosition(ends[0], out LineColumn start) || !TryParsePosition(ends[^1], out LineColumn end))
        {
            fault =
                $"--span '{value}' is not a span; write LINE:COLUMN-LINE:COLUMN (counted from 1, the end not included), such as 3:5-3:17, or LINE:COLUMN for a cursor.";
            return false;
        }
        span = new SpanArgument(start, end);
        bool ordered = start.Line < end.Line || (start.Line == end.Line && start.Column <= end.Column);
        fault = ordered ? "" : $"--span '{value}' ends before it starts; swap its two positions.";
        return ordered;
    }

    /// <summary>The span as offsets of a file's text.</summary>
    /// <exception cref="InvalidInputException">It reaches beyond the file, or cuts a character in two.</exception>
    public TextSpan Resolve(SourceFile file)
    {
        int start = Offset(file, Start);
        return new TextSpan(start, Offset(file, End) - start);
    }

    /// <inheritdoc/>
    public override string ToString() => Start == End ? $"{Start}" : $"{Start}-{End}";

    private static bool TryParsePosition(string text, out LineColumn position)
    {
        position = default;
        string[] parts = text.Split(':');
        if (
            parts.Length != 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int line)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int column)
            || line < 1
            || column < 1
        )
        {
            return false;
        }
        position = new LineColumn(line, column);
        return true;
    }

    private int Offset(SourceFile file, LineColumn position)
    {
        LineMap lines = file.Lines;
        if (position.Line > lines.Count)
        {
            throw new InvalidInputException(
                $"{file.Path}: --span {this} names line {position.Line}; the file has {lines.Count} line{(lines.Count == 1 ? "" : "s")}."
            );
        }
        int length = lines.Length(position.Line - 1);
        if (position.Column > length + 1)
        {
            throw new InvalidInputException(
                $"{file.Path}:{position.Line}: --span {this} names column {position.Column}; the last place on this line is column {length + 1}."
            );
        }
        int offset = lines.Start(position.Line - 1) + position.Column - 1;
        if (offset > 0 && offset < file.Text.Length && char.IsSurrogatePair(file.Text[offset - 1], file.Text[offset]))
        {
            throw new InvalidInputException(
                $"{file.Path}:{position.Line}: --span {this}: column {position.Column} is inside a character that takes two columns; "
                    + $"use {position.Column - 1} or {position.Column + 1}."
            );
        }
        return offset;
    }
}
